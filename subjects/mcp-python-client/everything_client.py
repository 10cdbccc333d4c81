"""A client for the official conformance suite's contract, with the official Python SDK (./install).

Usage: everything_client.py SERVER-URL

MCP_CONFORMANCE_SCENARIO says how it comes by a token, MCP_CONFORMANCE_CONTEXT holds a JSON object with the credentials for that,
and MCP_CONFORMANCE_PROTOCOL_VERSION the revision to speak. It lists the server's tools and calls the first. The same file runs
under `npx @modelcontextprotocol/conformance client --command`.
"""

import asyncio
import json
import os
import sys
import urllib.parse
import warnings

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata

# The contract gives no issuer to bind the credentials to.
warnings.simplefilter("ignore")

REDIRECT = "http://localhost:3000/callback"


class Memory:
    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class Browser:
    """Follows the authorization URL to where it redirects, as the suite's issuer does at once."""

    answer: dict[str, str] = {}

    async def visit(self, url: str) -> None:
        async with httpx2.AsyncClient() as browser:
            page = await browser.get(url)
        self.answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.headers["location"]).query))

    async def come_back(self) -> AuthorizationCodeResult:
        return AuthorizationCodeResult(code=self.answer["code"], state=self.answer.get("state"), iss=self.answer.get("iss"))


def provider(url: str, scenario: str, context: dict[str, str]) -> httpx2.Auth | None:
    memory, browser = Memory(), Browser()
    if scenario == "auth/client-credentials-basic":
        return ClientCredentialsOAuthProvider(url, memory, context["client_id"], context["client_secret"])
    if not scenario.startswith("auth/"):
        return None
    metadata = OAuthClientMetadata(client_name="everything client", redirect_uris=[REDIRECT], response_types=["code"])
    if scenario == "auth/pre-registration":
        memory.client = OAuthClientInformationFull(
            client_id=context["client_id"], client_secret=context["client_secret"], redirect_uris=[REDIRECT]
        )
    return OAuthClientProvider(url, metadata, memory, browser.visit, browser.come_back)


async def main() -> None:
    url = sys.argv[-1]
    context = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT", "{}"))
    mode = "auto" if os.environ.get("MCP_CONFORMANCE_PROTOCOL_VERSION", "") >= "2026" else "legacy"
    auth = provider(url, os.environ["MCP_CONFORMANCE_SCENARIO"], context)
    http = httpx2.AsyncClient(auth=auth, timeout=2)
    async with http, Client(streamable_http_client(url, http_client=http), mode=mode) as client:
        tools = await client.list_tools()
        if tools.tools:
            await client.call_tool(tools.tools[0].name, {})


asyncio.run(main())
