"""A protected MCP server on the official Python SDK, put together as its documentation says.

The SDK does transport, challenge, metadata and scopes, and leaves it to its users to say what a token is worth. So there are two
verifiers here: by signature with PyJWT, which the SDK brings along, and by introspection in the manner of the SDK's own
example `simple-auth` (strict mode), with the SDK's helper that compares resources.

Usage: server.py CONFIGURATION        prints {"ready": {"url": …}} when it listens
"""
import asyncio
import json
import socket
import ssl
import sys
import urllib.request

import httpx2
import jwt
import uvicorn
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.shared.auth_utils import check_resource_allowed
from mcp.server.transport_security import TransportSecuritySettings

with open(sys.argv[1]) as file:
    CONFIGURATION = json.load(file)
if CONFIGURATION["scheme"] not in ("oauth-jwt", "oauth-introspection"):
    sys.exit(f"this server knows no scheme {CONFIGURATION['scheme']}")
TRUSTED = CONFIGURATION["issuers"][0]
ISSUER = TRUSTED["issuer"]
CA = ssl.create_default_context(cafile=TRUSTED.get("ca"))
LISTENER = socket.create_server(("127.0.0.1", CONFIGURATION["listen"]["port"]))
PORT = LISTENER.getsockname()[1]
URL = f"https://127.0.0.1:{PORT}/mcp"
SCOPES = ["mcp:write"]


def metadata() -> dict:
    url = f"{ISSUER}/.well-known/oauth-authorization-server"
    with urllib.request.urlopen(url, context=CA if url.startswith("https:") else None) as answer:
        return json.load(answer)


class Signed:
    """Signature, issuer, audience, times and required claims, by PyJWT."""

    def __init__(self) -> None:
        # How long keys are remembered is an operator's choice; everything else is as it comes.
        self.keys = jwt.PyJWKClient(metadata()["jwks_uri"], ssl_context=CA, lifespan=CONFIGURATION.get("jwks_max_age_seconds", 300))

    def claims(self, token: str) -> dict:
        if jwt.get_unverified_header(token).get("typ", "").lower() not in ("at+jwt", "application/at+jwt"):
            raise jwt.InvalidTokenError("not an access token (RFC 9068)")
        key = self.keys.get_signing_key_from_jwt(token)
        return jwt.decode(
            token, key, algorithms=["ES256", "RS256"], audience=URL, issuer=ISSUER,
            options={"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]})

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = await asyncio.to_thread(self.claims, token)
            return AccessToken(
                token=token, client_id=claims["client_id"], scopes=claims.get("scope", "").split(), expires_at=claims["exp"],
                resource=URL, subject=claims["sub"], claims=claims)
        except Exception as error:
            print(f"refused: {type(error).__name__}", file=sys.stderr, flush=True)
            return None


class Introspected:
    """What the issuer says of the token, taken at its word as the SDK's example takes it."""

    def __init__(self) -> None:
        self.endpoint = metadata()["introspection_endpoint"]
        with open(TRUSTED["client_secret_file"]) as file:
            self.login = (TRUSTED["client_id"], file.read().strip())
        self.http = httpx2.AsyncClient(verify=CA, timeout=httpx2.Timeout(10.0, connect=5.0))

    def is_here(self, audience: str | list | None) -> bool:
        names = audience if isinstance(audience, list) else [audience] if audience else []
        return any(check_resource_allowed(requested_resource=URL, configured_resource=name) for name in names)

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            answer = await self.http.post(self.endpoint, data={"token": token}, auth=self.login)
            if answer.status_code != 200:
                return None
            said = answer.json()
            if not said.get("active", False) or not self.is_here(said.get("aud")):
                return None
            return AccessToken(
                token=token, client_id=said.get("client_id", "unknown"), scopes=said.get("scope", "").split(),
                expires_at=said.get("exp"), resource=URL, subject=said.get("sub"), claims=said)
        except Exception as error:
            print(f"refused: {type(error).__name__}", file=sys.stderr, flush=True)
            return None


server = MCPServer(
    "official", token_verifier=Signed() if CONFIGURATION["scheme"] == "oauth-jwt" else Introspected(),
    auth=AuthSettings(issuer_url=ISSUER, resource_server_url=URL, required_scopes=SCOPES, validate_token_resource=True))
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
    application = server.streamable_http_app(json_response=True, stateless_http=False)
    tls = CONFIGURATION["tls"]
    serving = uvicorn.Server(
        uvicorn.Config(application, log_level="warning", ssl_certfile=tls["certificate"], ssl_keyfile=tls["key"]))
    running = asyncio.create_task(serving.serve(sockets=[LISTENER]))
    while not serving.started and not running.done():
        await asyncio.sleep(0.01)
    print(json.dumps({"ready": {"url": f"https://127.0.0.1:{PORT}", "mcp": URL}}), flush=True)
    await running


asyncio.run(main())
