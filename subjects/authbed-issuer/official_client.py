"""Walks the whole way with the official Python client (pip install mcp): discovery, registration, authorization code with
PKCE, a refresh, and a step-up to another scope, against an mcp-server and the token-issuer it names, in both revisions.

The issuer needs "dynamic_registration": true, and a user:  token-issuer users add ann --config issuer.json

Usage: official_client.py MCP-URL CA-FILE LOGIN-FILE [DOCUMENT-URL]
       LOGIN-FILE holds {"user": …, "password": …}. With DOCUMENT-URL the client does not register itself: it is the URL of its
       metadata document ("client_id_metadata": true). by-hand.sh beside this file starts all that is needed.
"""
import asyncio
import html.parser
import json
import ssl
import sys
import urllib.parse

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

REDIRECT = "http://127.0.0.1:33418/callback"


class FirstForm(html.parser.HTMLParser):
    """The first form of a page: where it goes, and the fields it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields, self.inside = None, {}, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action, self.inside = attributes.get("action", ""), True
        elif self.inside and tag == "input" and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


class Person:
    """Logs in and consents, as somebody with a browser would."""

    def __init__(self, ca: str, login: dict) -> None:
        self.browser = httpx2.AsyncClient(verify=ssl.create_default_context(cafile=ca))
        self.login, self.rounds, self.answer = login, 0, None

    async def visit(self, url: str) -> None:
        self.rounds += 1
        page = await self.browser.get(url)
        for _ in range(10):
            if page.is_redirect:
                target = urllib.parse.urljoin(str(page.url), page.headers["location"])
                if target.startswith(REDIRECT):
                    self.answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
                    return
                page = await self.browser.get(target)
                continue
            form = FirstForm(page.text)
            if form.action is None:
                raise SystemExit(f"no form on the page: HTTP {page.status_code}")
            fields = dict(form.fields)
            if "username" in fields:
                fields.update(username=self.login["user"], password=self.login["password"])
            else:
                fields["decision"] = "allow"
            page = await self.browser.post(urllib.parse.urljoin(str(page.url), form.action or str(page.url)), data=fields)
        raise SystemExit("the login leads nowhere")

    async def come_back(self) -> AuthorizationCodeResult:
        return AuthorizationCodeResult(code=self.answer["code"], state=self.answer.get("state"), iss=self.answer.get("iss"))


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


async def main() -> None:
    url, ca = sys.argv[1], sys.argv[2]
    person = Person(ca, json.load(open(sys.argv[3])))
    document = sys.argv[4] if len(sys.argv) > 4 else None
    failures = 0

    def expect(what: str, found, expected) -> None:
        nonlocal failures
        failures += found != expected
        print(f"{mode}: {what}: {'ok' if found == expected else f'FAILED, {found!r} and not {expected!r}'}")

    for mode in ["auto", "legacy"]:
        provider = OAuthClientProvider(
            url,
            OAuthClientMetadata(
                client_name="official client", redirect_uris=[REDIRECT], token_endpoint_auth_method="none",
                grant_types=["authorization_code", "refresh_token"], response_types=["code"],
            ),
            Memory(), person.visit, person.come_back, client_metadata_url=document,
        )
        person.rounds = 0
        http = httpx2.AsyncClient(verify=ssl.create_default_context(cafile=ca), auth=provider)
        async with http, Client(streamable_http_client(url, http_client=http), mode=mode) as client:

            async def call(tool: str, **arguments) -> str:
                result = await client.call_tool(tool, arguments)
                return "error" if result.is_error else json.loads(result.content[0].text).get("content", "").strip()

            expect("read_file", await call("read_file", path="hello.txt"), "hello from the test bed")
            expect("visits of the person", person.rounds, 1)
            expect("the client is its document", provider.context.client_info.client_id == document, document is not None)
            first = provider.context.current_tokens
            provider.context.token_expiry_time = 1  # long past: the next call refreshes
            expect("read_file with a refreshed token", await call("read_file", path="hello.txt"), "hello from the test bed")
            second = provider.context.current_tokens
            expect("another access token", first.access_token != second.access_token, True)
            expect("another refresh token", first.refresh_token != second.refresh_token, True)
            expect("visits of the person", person.rounds, 1)
            expect("scope", second.scope, "mcp:read")
            expect("write_file after a step-up", await call("write_file", path="hello.txt", content="hello from the test bed") != "error", True)
            expect("visits of the person", person.rounds, 2)
            expect("scope", provider.context.current_tokens.scope, "mcp:read mcp:write")
    sys.exit(1 if failures else 0)


asyncio.run(main())
