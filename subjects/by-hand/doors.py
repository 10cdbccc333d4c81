"""What was found of requests that are not as they should be, with a right credential: Origin, Host, types, framing, sessions. By hand: the
server as its folder starts it, and requests from Python's own library. Nothing of Authbed is needed.

Usage: doors.py NAME        NAME: mcp-python-sdk, fastmcp, envoy, mod-oauth2, article-oauth or article-node
"""
import json
import subprocess
import sys
import time

from common import WORK, Subject, ask, command, raw, server_certificate, show, tool_call
from issuer import Issuer

NAME = sys.argv[1]
TLS = server_certificate()
if NAME == "article-node":
    server = Subject(NAME, {"scheme": "api-key", "clients": [], "tls": TLS})

    def issued(lifetime: str) -> str:
        words = command(NAME, "issue", config=server.config, principal="alice", lifetime=lifetime, scope="mcp:read")
        return json.loads(subprocess.run(words, cwd=WORK, check=True, capture_output=True, text=True).stdout)["key"]

    credential = issued("3600")
else:
    issuer = Issuer()
    server = Subject(NAME, {"scheme": "oauth-jwt", "tls": TLS, "issuers": issuer.told})
    credential = issuer.token(issuer.claims(server.url))
RIGHT = [("Authorization", f"Bearer {credential}")]


def row(checks: str, what: str, came) -> None:
    show(NAME, checks, what, came)


def octets(*lines: str, host: str | None = None, body: bytes = b"") -> str:
    """A request line by line; `lines` come after those that are right."""
    is_mcp = server.url.endswith("/mcp") and NAME in ("mcp-python-sdk", "fastmcp")
    method, path = ("POST", "/mcp") if is_mcp else ("POST", "/mcp/tools/read") if NAME.startswith("article") else ("GET", "/read")
    own = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{server.port}'}", f"Authorization: Bearer {credential}"]
    if is_mcp:
        own += ["Accept: application/json, text/event-stream", "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: canary.read"]
        body = body or json.dumps(tool_call("canary.read")).encode()
    if method == "POST":
        own.append("Content-Type: application/json")
        body = body or b"{}"
    length = [] if any(line.startswith("Transfer-Encoding") for line in lines) else [f"Content-Length: {len(body)}"]
    return raw(server.home, "\r\n".join([*own, *lines, *length, "", ""]).encode() + body)


with server:
    right = server.call(fields=RIGHT)
    row("", "as it should be", right)
    row("answers.uncached", "its answer's Cache-Control (RFC 9111 section 5.2.2.5)", right.fields.get("Cache-Control"))
    row("transport.origin", "Origin of another site (MCP Transports, Security Warning: MUST be looked at)", server.call(fields=[*RIGHT, ("Origin", "https://evil.example")]))
    row("transport.own-origin", "Origin of its own (RFC 6454 section 7)", server.call(fields=[*RIGHT, ("Origin", f"https://127.0.0.1:{server.port}")]))
    row("transport.host", "Host of another site", server.call(fields=[("Host", "evil.example"), *RIGHT]))
    row("transport.content-type", "a body of another type", server.call(fields=[*RIGHT, *([("Content-Type", "text/plain")] if NAME in ("envoy", "mod-oauth2") else [])], kind="text/plain"))
    row("robust.framing", "two Host fields (RFC 9112 section 3.2: 400)", octets("Host: evil.example"))
    row("robust.framing", "a folded field (RFC 9112 section 5.2)", octets("X-Folded: one", " and more of it"))
    row("robust.framing", "a chunk of no length (RFC 9112 section 7.1)", octets("Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n0\r\n\r\n"))
    if NAME == "article-node":
        row("key.scheme-case", "the scheme in lower case (RFC 9110 section 11.1)", server.call(fields=[("Authorization", f"bearer {credential}")]))
        row("key.length", "a key of 65 characters", server.call(fields=[("Authorization", f"Bearer {'0' * 65}")]))
        row("robust.field-octets", "a key with a character beyond ASCII", server.call(fields=[("Authorization", "Bearer clé")]))
        row("key.twice", "two Authorization fields, the first right", server.call(fields=[*RIGHT, ("Authorization", "Bearer wrong")]))
        brief = [("Authorization", f"Bearer {issued('1')}")]
        before = server.call(fields=brief)
        time.sleep(2)
        row("expiry.refused-after, expiry.reaches-open-connections, expiry.reaches-resumed-sessions", "a key for one second, at once and after two", f"{before}, {server.call(fields=brief)}")
        nothing = server.call()
        row("door.challenge", "nothing at all", f"{nothing}, WWW-Authenticate: {nothing.fields.get('WWW-Authenticate')}")
        with open(json.load(open(server.config))["store"] + ".keys.json") as file:
            row("storage.store", "the key in its store", "as it is" if credential in file.read() else "not as it is")
    if NAME in ("mcp-python-sdk", "fastmcp"):
        again = json.dumps(tool_call("canary.read")).replace('"name": "canary.read"', '"name": "canary.write", "name": "canary.read"', 1).encode()
        row("body.repeated-member", "a tool's name that stands twice (RFC 8259 section 4: unique)", server.call(fields=RIGHT, body=again))
        old = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"), *RIGHT]
        hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "by-hand", "version": "1"}}}
        session = ask(server.url, "POST", old, json.dumps(hello).encode()).fields.get("Mcp-Session-Id")
        listing = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}).encode()
        named = [*old, ("MCP-Protocol-Version", "2025-11-25")]
        row("", "in a session that nobody knows", ask(server.url, "POST", [*named, ("Mcp-Session-Id", "0" * 32)], listing))
        row("session.must-be-known", "two Mcp-Session-Id fields, which are equal (RFC 9110 section 5.3)", ask(server.url, "POST", [*named, ("Mcp-Session-Id", session), ("Mcp-Session-Id", session)], listing))
        row("session.events-by-name", "what came after an event that nobody knows (MCP Transports, Resumability)", ask(server.url, "GET", [*named, ("Mcp-Session-Id", session), ("Last-Event-ID", "1")]))
    if NAME == "fastmcp":
        known = json.loads(ask(f"{server.home}/.well-known/oauth-protected-resource/mcp").body)
        row("metadata.own", "its issuer, letter by letter (RFC 8414 section 3.3)", f"{known['authorization_servers'][0]}, the issuer is {issuer.url}")
