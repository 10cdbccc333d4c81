"""A protected MCP server on FastMCP with the verifiers that it brings along: tokens by key set, tokens by introspection, and a list
of static tokens, which are API keys by another name.

Usage: server.py CONFIGURATION        prints {"ready": {"url": …}} when it listens
"""
import asyncio
import json
import socket
import ssl
import sys
import urllib.request

import httpx2
import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth import RemoteAuthProvider
from fastmcp.server.auth.providers.introspection import IntrospectionTokenVerifier
from fastmcp.server.auth.providers.jwt import JWTVerifier
from pydantic import AnyHttpUrl

with open(sys.argv[1]) as file:
    CONFIGURATION = json.load(file)
if CONFIGURATION["scheme"] not in ("oauth-jwt", "oauth-introspection"):
    sys.exit(f"this server knows no scheme {CONFIGURATION['scheme']}")
TRUSTED = CONFIGURATION["issuers"][0]
ISSUER = TRUSTED["issuer"]
CA = ssl.create_default_context(cafile=TRUSTED.get("ca"))
LISTENER = socket.create_server(("127.0.0.1", CONFIGURATION["listen"]["port"]))
PORT = LISTENER.getsockname()[1]
HOME = f"https://127.0.0.1:{PORT}"
SCOPES = ["mcp:write"]


def metadata() -> dict:
    url = f"{ISSUER}/.well-known/oauth-authorization-server"
    with urllib.request.urlopen(url, context=CA if url.startswith("https:") else None) as answer:
        return json.load(answer)


def verifier():
    known = metadata()
    http = httpx2.AsyncClient(verify=CA)
    if CONFIGURATION["scheme"] == "oauth-jwt":
        with urllib.request.urlopen(known["jwks_uri"], context=CA if known["jwks_uri"].startswith("https:") else None) as answer:
            algorithm = json.load(answer)["keys"][0].get("alg", "ES256")
        return JWTVerifier(
            jwks_uri=known["jwks_uri"], issuer=ISSUER, audience=f"{HOME}/mcp", algorithm=algorithm, required_scopes=SCOPES, http_client=http)
    with open(TRUSTED["client_secret_file"]) as file:
        secret = file.read().strip()
    return IntrospectionTokenVerifier(
        introspection_url=known["introspection_endpoint"], client_id=TRUSTED["client_id"], client_secret=secret, required_scopes=SCOPES,
        audience=f"{HOME}/mcp", http_client=http)


server = FastMCP(
    "fastmcp", auth=RemoteAuthProvider(token_verifier=verifier(), authorization_servers=[AnyHttpUrl(ISSUER)], base_url=HOME))
writes = 0


@server.tool(name="canary.read")
def read() -> dict[str, int]:
    """How often was anything written?"""
    return {"writes": writes}


@server.tool(name="canary.write")
def write() -> dict[str, int]:
    """Writes."""
    global writes
    writes += 1
    return {"writes": writes}


async def main() -> None:
    application = server.http_app(path="/mcp", json_response=True)
    tls = CONFIGURATION["tls"]
    serving = uvicorn.Server(uvicorn.Config(application, log_level="warning", ssl_certfile=tls["certificate"], ssl_keyfile=tls["key"]))
    running = asyncio.create_task(serving.serve(sockets=[LISTENER]))
    while not serving.started and not running.done():
        await asyncio.sleep(0.01)
    print(json.dumps({"ready": {"url": HOME, "mcp": f"{HOME}/mcp"}}), flush=True)
    await running


asyncio.run(main())
