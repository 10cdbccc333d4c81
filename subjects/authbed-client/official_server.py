"""A protected MCP server on the official Python SDK (pip install mcp joserfc): a resource server that verifies signed access
tokens by the issuer's key set. For trying mcp-client against a server that is not ours.

Usage: official_server.py ISSUER-URL [PORT SCOPE…]      prints {"ready": {"url": …}}; any free port and mcp:read if not given
"""
import asyncio
import json
import socket
import sys
import urllib.request

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer

ISSUER = sys.argv[1]
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 0
SCOPES = sys.argv[3:] or ["mcp:read"]
listener = socket.create_server(("127.0.0.1", PORT))
URL = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"


class Verifier:
    """Signature, issuer, audience and times, as the SDK asks its users to do."""

    def __init__(self) -> None:
        with urllib.request.urlopen(f"{ISSUER}/jwks") as answer:
            self.keys = KeySet.import_key_set(json.load(answer))

    async def verify_token(self, text: str) -> AccessToken | None:
        try:
            token = jwt.decode(text, self.keys, algorithms=["ES256"])
            jwt.JWTClaimsRegistry(iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": URL}).validate(token.claims)
        except Exception:
            return None
        claims = token.claims
        return AccessToken(
            token=text, client_id=claims["client_id"], scopes=claims.get("scope", "").split(), expires_at=claims["exp"],
            resource=URL, subject=claims["sub"])


server = MCPServer(
    "official", token_verifier=Verifier(),
    auth=AuthSettings(issuer_url=ISSUER, resource_server_url=URL, required_scopes=SCOPES, validate_token_resource=True))


@server.tool()
def greet(name: str) -> str:
    """Says hello."""
    return f"hello {name}"


print(json.dumps({"ready": {"url": URL}}), flush=True)
asyncio.run(uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="warning")).serve(sockets=[listener]))
