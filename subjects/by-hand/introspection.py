"""What was found of servers that ask the issuer about tokens, by hand: an issuer of a few lines that answers what it is told to, the server as
its folder starts it, and requests from Python's own library. Nothing of Authbed is needed.

Usage: introspection.py NAME        NAME: mcp-python-sdk, fastmcp or mod-oauth2
"""
import json
import os
import sys
import time

from common import Subject, server_certificate, show, text
from issuer import Issuer

NAME = sys.argv[1]
ISSUER = Issuer()
NOW = int(time.time())

with Subject(NAME, {"scheme": "oauth-introspection", "tls": server_certificate(), "issuers": ISSUER.told}) as server:

    def row(checks: str, what: str, answer: dict | str | None = None, **change) -> None:
        """What is said of a token: that it is active and as it should be, but for the change, or another answer."""
        token = text(os.urandom(16))
        ISSUER.said[token] = answer or {"active": True} | ISSUER.claims(server.url, **change)
        show(NAME, checks, f"it is said to be {what}", server.call(fields=[("Authorization", f"Bearer {token}")]))

    row("", "active")
    row("", "not active", {"active": False})
    row("introspection.no-answer", 'active by the text "false" (RFC 7662 section 2.2: a boolean)', active="false")
    right = json.dumps({"active": True} | ISSUER.claims(server.url))
    row("introspection.no-answer", "not active, and then active, in one object (RFC 8259 section 4: names are unique)", '{"active": false, ' + right[1:])
    row("introspection.nobody", "nobody's: no sub and no client_id", sub=None, client_id=None)
    row("introspection.issuer, token.issuer", "another issuer's", iss="https://other.example")
    row("introspection.kind", "a refresh token (RFC 7662 section 2.2)", token_type="refresh_token")
    row("introspection.times, token.expired, rotation.old-credential-dies", "ended a minute ago", exp=NOW - 60)
    row("introspection.times, token.not-yet-valid", "good in an hour", nbf=NOW + 3600)
    row("scope.challenge", "of a scope that is none of this server's", scope="other")
