"""What was found of servers that take access tokens, by hand: an issuer of a few lines, keys and signatures from openssl, the server as its
folder starts it, and requests from Python's own library. Nothing of Authbed is needed.

Usage: tokens.py NAME        NAME: mcp-python-sdk, fastmcp, envoy, mod-oauth2, article-oauth or article-oauth-letters
"""
import base64
import json
import sys
import time

from common import Subject, server_certificate, show, text
from issuer import Issuer, RSAKey

NAME = sys.argv[1]
ISSUER = Issuer()
NOW = int(time.time())


def spare_bits(token: str) -> str:
    """The last character of 64 octets has four bits that mean nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + letters[letters.index(token[-1]) ^ 1]


def longer(token: str) -> str:
    head, _, signature = token.rpartition(".")
    return f"{head}.{text(base64.urlsafe_b64decode(signature + '==') + b'0')}"


def twice(claims: dict, member: str, first: str) -> str:
    """JSON in which a member stands twice, with another value first."""
    return f'{{{json.dumps(member)}:{json.dumps(first)},{json.dumps(claims)[1:]}'


with Subject(NAME, {"scheme": "oauth-jwt", "tls": server_certificate(), "issuers": ISSUER.told}) as server:
    RESOURCE = server.url

    def token(header: dict | str | None = None, **change) -> str:
        return ISSUER.token(ISSUER.claims(RESOURCE, **change), header)

    def bearer(shown: str | None) -> list:
        return [("Authorization", f"Bearer {shown}")] if shown else []

    def row(checks: str, what: str, shown: str | None, query: str = "") -> None:
        answer = server.call(fields=bearer(shown), query=query)
        challenge = answer.fields.get("WWW-Authenticate")
        show(NAME, checks, what, str(answer) + (f", WWW-Authenticate: {challenge}" if challenge and answer.status == 403 else ""))

    nothing = server.call()
    show(NAME, "door.challenge, door.quiet", "nothing at all (RFC 9110 section 15.5.2: a challenge; RFC 6750 section 3.1: without an error)",
         f"{nothing}, WWW-Authenticate: {nothing.fields.get('WWW-Authenticate')}")
    row("", "a right token", token())
    row("token.audience", "for another server (RFC 9068 section 4)", token(aud="https://other.example/mcp"))
    row("token.audience-missing", "for nobody (RFC 9068 section 4)", token(aud=None))
    row("token.audience-lookalike", "for this address without its scheme (RFC 7519 section 4.1.3: letter by letter)", token(aud=RESOURCE.removeprefix("https://")))
    row("token.issuer", "of another issuer (RFC 9068 section 4)", token(iss="https://other.example"))
    row("token.issuer-lookalike", "of a list that holds the issuer (RFC 7519 section 4.1.1: a text)", token(iss=[ISSUER.url]))
    row("", "ended a minute ago", token(exp=NOW - 90))
    row("token.not-yet-valid", "good in an hour (RFC 7519 section 4.1.5)", token(nbf=NOW + 3600))
    row("token.far-beginning", "good in more years than there have been", token(nbf=10**18))
    row("token.far-end", "exp is 1e400, which no number holds (RFC 7519 section 2)", ISSUER.token(json.dumps(ISSUER.claims(RESOURCE) | {"exp": "END"}).replace('"END"', "1e400")))
    row("token.no-expiry", "without exp (RFC 9068 section 2.2)", token(exp=None))
    row("token.expiry-type", "exp is a text of digits (RFC 7519 section 2: a number)", token(exp=str(NOW + 600)))
    row("token.expiry-type", "exp is null", ISSUER.token(json.dumps(ISSUER.claims(RESOURCE, exp=None) | {"exp": None})))
    row("token.expiry-type", "nbf is a word", token(nbf="later"))
    row("token.expiry-type", "iat is a word", token(iat="now"))
    row("token.type", "typ JWT, as of an ID token (RFC 9068 section 4)", token({"typ": "JWT"}))
    row("token.other-kinds", "typ logout+jwt (RFC 9068 section 4)", token({"typ": "logout+jwt"}))
    row("token.critical", "an extension that nobody knows (RFC 7515 section 4.1.11: MUST be refused)", token({"crit": ["nobody"], "nobody": 1}))
    row("token.critical", "an empty crit (RFC 7515 section 4.1.11: MUST NOT be empty)", token({"crit": []}))
    row("token.unencoded-payload", "b64 false, and crit that says so, though it is base64 (RFC 7797 section 3)", token({"crit": ["b64"], "b64": False}))
    row("token.base64", "padding after the signature (RFC 7515 section 2)", token() + "==")
    row("token.base64", "bits at the end that mean nothing (RFC 4648 section 3.5)", spare_bits(token()))
    row("token.base64", "an octet that base64url does not have (RFC 4648 section 3.3)", token() + "!")
    row("token.parts", "a fourth part, which is empty (RFC 7515 section 7.1)", token() + ".")
    row("token.ecdsa-numbers", "a signature of 65 octets (RFC 7518 section 3.4: 64)", longer(token()))
    row("token.repeated-member", "aud stands twice, the last is right (RFC 7515 section 4, RFC 7519 section 4)", ISSUER.token(twice(ISSUER.claims(RESOURCE), "aud", "https://other.example")))
    for claim in ("sub", "client_id", "iat", "jti"):
        row("token.required-claims", f"without {claim} (RFC 9068 section 2.2)", token(**{claim: None}))
    row("token.required-claims", "an empty sub", token(sub=""))
    row("token.size", "claims of 4000 brackets, signed", ISSUER.token('{"a":' + "[" * 4000 + "]" * 4000 + "}"))
    row("token.unknown-key", "kid of a key that was never published", token({"kid": "two"}))
    row("token.in-the-address", "in the address (MCP Authorization: MUST NOT)", None, f"?access_token={token()}")
    row("scope.challenge", "with a scope that is none of this server's (RFC 6750 section 3: the challenge says which)", token(scope="other"))
    row("scope.type", "its scopes are a list (RFC 9068 section 2.2.3: a text)", token(scope=["mcp:read", "mcp:write"]))
    both = server.call(fields=bearer(token()) + bearer("wrong"))
    show(NAME, "token.twice", "two Authorization fields, the first right (RFC 9110 section 5.3)", f"{both}")

RSA = RSAKey("rsa")
OTHER = Issuer(RSA)
with Subject(NAME, {"scheme": "oauth-jwt", "tls": server_certificate(), "issuers": OTHER.told}) as server:
    for algorithm in ("RS256", "RS512", "PS256"):
        head = text(json.dumps({"alg": algorithm, "typ": "at+jwt", "kid": RSA.name}).encode())
        signed = f"{head}.{text(json.dumps(OTHER.claims(server.url)).encode())}"
        answer = server.call(fields=[("Authorization", f"Bearer {signed}.{text(RSA.sign(signed.encode(), algorithm))}")])
        show(NAME, "" if algorithm == "RS256" else "token.other-algorithm-of-the-key", f"signed by {algorithm} with a key that is published for RS256 (RFC 8725 section 3.1)", f"{answer}")
