"""What was found of servers that verify by a key set, by hand, when the set is not as it should be or becomes another one: an issuer of a few
lines, the server as its folder starts it, and requests from Python's own library. Nothing of Authbed is needed.

Usage: key_sets.py NAME        NAME: mcp-python-sdk, fastmcp, envoy, mod-oauth2 or article-oauth
"""
import sys
import time

from common import Subject, openssl, server_certificate, show, text
from issuer import Issuer, Key

NAME = sys.argv[1]
ISSUER = Issuer()
OTHER = Key("two")
# The server is told to keep keys for two seconds; whoever has no such setting keeps them as long as it likes.
TOLD = {"scheme": "oauth-jwt", "tls": server_certificate(), "issuers": ISSUER.told, "jwks_max_age_seconds": 2}
PATIENCE = 3.5


def came(server: Subject, key: Key | None = None, header: dict | None = None, **change):
    token = ISSUER.token(ISSUER.claims(server.url, **change), header, key)
    return server.call(fields=[("Authorization", f"Bearer {token}")])


def with_keys(checks: str, what: str, *keys: dict) -> None:
    """A server that has never seen another set."""
    before, ISSUER.keys = ISSUER.keys, list(keys)
    try:
        with Subject(NAME, TOLD) as server:
            show(NAME, checks, what, came(server))
    except RuntimeError:
        show(NAME, checks, what, "it did not start")
    ISSUER.keys = before


ONE = ISSUER.key.public
scalar = openssl("ec", "-in", "one.pem", "-outform", "DER")[7:39]
with_keys("keys.unusable", "its key is for encryption (RFC 7517 section 4.2)", ONE | {"use": "enc"})
with_keys("keys.unusable", "its key is for signing only (RFC 7517 section 4.3)", ONE | {"key_ops": ["sign"]})
with_keys("keys.unusable", "its key was published with its private part (RFC 7517 section 9.2)", ONE | {"d": text(scalar)})
with_keys("keys.unusable", "another key of the same name stands behind its own (RFC 7517 section 4.5: distinct)", ONE, OTHER.public | {"kid": "one"})
with_keys("keys.beside-strangers", "another good key stands before its own", OTHER.public, ONE)

with Subject(NAME, TOLD) as server:
    show(NAME, "", "a right token", came(server))
    before = ISSUER.fetches
    answers = [came(server, header={"kid": f"unknown-{number}"}).status for number in range(20)]
    show(NAME, "keys.flood", "twenty tokens with unknown kid", f"{answers.count(200)} were accepted, the key set was fetched {ISSUER.fetches - before} times")
    brief = ISSUER.token(ISSUER.claims(server.url, exp=int(time.time()) + 3))
    show(NAME, "", "a token that ends in three seconds", server.call(fields=[("Authorization", f"Bearer {brief}")]))
    time.sleep(5)
    show(NAME, "expiry.refused-after, expiry.reaches-open-connections, expiry.reaches-resumed-sessions", "the same two seconds after its end (RFC 7519 section 4.1.4)",
         server.call(fields=[("Authorization", f"Bearer {brief}")]))
    ISSUER.answers = 500
    time.sleep(PATIENCE)
    show(NAME, "keys.outage", f"a right token, {PATIENCE} s after the key set began to be answered HTTP 500", came(server))
    ISSUER.answers = 200

with Subject(NAME, TOLD) as server:
    show(NAME, "", "a right token", came(server))
    ISSUER.keys = [ONE, OTHER.public]
    show(NAME, "rotation.new-signing-key-is-picked-up", "by a key that is published since the start (RFC 9700 section 2.6), at once", came(server, OTHER))

for checks, what, keys in (("keys.withdrawn", "its key is published no more", [OTHER.public]),
                           ("keys.replaced", "its key's name is another key's", [OTHER.public | {"kid": "one"}])):
    ISSUER.keys = [ONE]
    with Subject(NAME, TOLD) as server:
        show(NAME, "", "a right token", came(server))
        ISSUER.keys = keys
        time.sleep(PATIENCE)
        show(NAME, checks, f"{what}, for {PATIENCE} s", came(server))
