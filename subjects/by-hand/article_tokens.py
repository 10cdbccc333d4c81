"""What was found of the article's guard for access tokens, by hand, in both readings of its scopes: an issuer of a few lines, keys and
signatures from openssl, and plain HTTPS requests from Python's own library. Nothing of Authbed is needed.

Usage: article_tokens.py
"""
import json
import os
import ssl
import subprocess
import time
import urllib.error
import urllib.request

from issuer import SUBJECTS, WORK, Issuer, server_certificate

TLS, ISSUER = server_certificate(), Issuer()


def token(header: dict | None = None, **change) -> str:
    return ISSUER.token(ISSUER.claims(f"{URL}/mcp", **change), header)


def call(what: str, authorization: str | None) -> None:
    request = urllib.request.Request(f"{URL}/mcp/tools/read", data=b"{}", headers={"Content-Type": "application/json"})
    if authorization:
        request.add_header("Authorization", authorization)
    try:
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=TLS["certificate"]), timeout=10) as answer:
            came = f"HTTP {answer.status}"
    except urllib.error.HTTPError as error:
        came = f"HTTP {error.code}, {'a' if error.headers.get('WWW-Authenticate') else 'no'} WWW-Authenticate field"
    print(f"{READING}: {what}: {came}")


for READING in ("spaces", "characters"):
    with open(f"{WORK}/told.json", "w") as file:
        json.dump({"scheme": "oauth-jwt", "listen": {"port": 0}, "tls": TLS, "issuers": [{"issuer": ISSUER.url}]}, file)
    server = subprocess.Popen(["node", f"{SUBJECTS}/article-oauth/server.js", READING, f"{WORK}/told.json"], env=os.environ | {"NODE_PATH": "/usr/share/nodejs"},
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        URL = json.loads(server.stdout.readline())["ready"]["url"]
        call("a right token", f"Bearer {token()}")
        call("nothing at all (RFC 9110 section 15.5.2)", None)
        call("for another server (RFC 9068 section 4)", f"Bearer {token(aud='https://other.example/mcp')}")
        call("of another issuer (RFC 9068 section 4)", f"Bearer {token(iss='https://other.example')}")
        call("without exp (RFC 9068 section 2.2)", f"Bearer {token(exp=None)}")
        call("an ID token's typ (RFC 9068 section 4)", f"Bearer {token({'typ': 'JWT'})}")
        call("an extension that nobody knows (RFC 7515 section 4.1.11)", f"Bearer {token({'crit': ['nobody'], 'nobody': 1})}")
        call("another kid", f"Bearer {token({'kid': 'two'})}")
        call("ended a minute ago", f"Bearer {token(exp=int(time.time()) - 60)}")
    finally:
        server.terminate()
        server.wait(timeout=10)
