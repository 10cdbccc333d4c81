"""What was found of gates that take access tokens and speak plain HTTP, by hand: an issuer of a few lines, keys and signatures from
openssl, and requests from Python's own library. Nothing of Authbed is needed.

Usage: gate_tokens.py NAME        NAME: mod-oauth2 or envoy
"""
import base64
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

from issuer import SUBJECTS, WORK, Issuer, server_certificate, text

NAME = sys.argv[1]
TLS, ISSUER = server_certificate(), Issuer()
with open(f"{WORK}/secret", "w") as file:
    file.write("introspection-secret")
os.chmod(WORK, 0o755)


class Gate:
    def __init__(self, scheme: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.resource = f"https://127.0.0.1:{self.port}/mcp"
        told = {"scheme": scheme, "resource": self.resource, "tls": TLS, "issuers": [{"issuer": ISSUER.url, "client_id": "server", "client_secret_file": f"{WORK}/secret"}]}
        with open(f"{WORK}/{scheme}.json", "w") as file:
            json.dump(told, file)
        self.process = subprocess.Popen([sys.executable, f"{SUBJECTS}/{NAME}/start.py", f"{WORK}/{scheme}.json", str(self.port)],
                                        stderr=open(f"{WORK}/{scheme}.log", "w"), start_new_session=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and socket.socket().connect_ex(("127.0.0.1", self.port)):
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=10)

    def show(self, what: str, token: str | None, query: str = "") -> None:
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}/read{query}", headers={"Authorization": f"Bearer {token}"} if token else {})
        try:
            with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=TLS["certificate"]), timeout=10) as answer:
                came = f"HTTP {answer.status}"
        except urllib.error.HTTPError as error:
            came = f"HTTP {error.code}"
        print(f"{NAME}: {what}: {came}", flush=True)

    def token(self, header: dict | None = None, **change) -> str:
        return ISSUER.token(ISSUER.claims(self.resource, **change), header)


def longer(token: str) -> str:
    """With a signature of 65 octets."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{text(base64.urlsafe_b64decode(signature + '==') + b'0')}"


with Gate("oauth-jwt") as gate:
    now = int(time.time())
    gate.show("a right token", gate.token())
    gate.show("nothing at all", None)
    gate.show("for another server", gate.token(aud="https://other.example/mcp"))
    gate.show("for the same address without its scheme (RFC 7519 section 4.1.3: letter by letter)", gate.token(aud=gate.resource.removeprefix("https://")))
    gate.show("of another issuer", gate.token(iss="https://other.example"))
    gate.show("of a list that holds the issuer (RFC 7519 section 4.1.1: a text)", gate.token(iss=[ISSUER.url]))
    gate.show("ended a minute ago", gate.token(exp=now - 60))
    gate.show("good in an hour (RFC 7519 section 4.1.5)", gate.token(nbf=now + 3600))
    gate.show("an ID token's typ (RFC 9068 section 4)", gate.token({"typ": "JWT"}))
    gate.show("an extension that nobody knows (RFC 7515 section 4.1.11)", gate.token({"crit": ["nobody"], "nobody": 1}))
    gate.show("padding after the signature (RFC 7515 section 2)", gate.token() + "==")
    gate.show("a fourth part, which is empty (RFC 7515 section 7.1)", gate.token() + ".")
    gate.show("a signature of 65 octets (RFC 7518 section 3.4)", longer(gate.token()))
    gate.show("in the address (RFC 6750 section 5.3, MCP Authorization: MUST NOT)", None, f"?access_token={gate.token()}")
    ISSUER.keys[0]["key_ops"] = ["sign"]
with Gate("oauth-jwt") as gate:
    gate.show("its key is for signing only (RFC 7517 section 4.3)", gate.token())
    del ISSUER.keys[0]["key_ops"]
with Gate("oauth-jwt") as gate:
    gate.show("a right token", gate.token())
    before = ISSUER.fetches
    for number in range(20):
        request = urllib.request.Request(f"https://127.0.0.1:{gate.port}/read", headers={"Authorization": f"Bearer {gate.token({'kid': f'unknown-{number}'})}"})
        try:
            urllib.request.urlopen(request, context=ssl.create_default_context(cafile=TLS["certificate"]), timeout=10)
        except urllib.error.HTTPError:
            pass
    print(f"{NAME}: twenty tokens with unknown kid: the key set was fetched {ISSUER.fetches - before} times")
    brief = gate.token(exp=int(time.time()) + 3)
    gate.show("a token that ends in three seconds", brief)
    time.sleep(5)
    gate.show("the same two seconds after its end (RFC 7519 section 4.1.4)", brief)

if NAME == "mod-oauth2":
    with Gate("oauth-introspection") as gate:
        for what, change in {"active": {}, "ended a minute ago (RFC 7662 section 2.2)": {"exp": now - 60}, "good in an hour": {"nbf": now + 3600}}.items():
            opaque = text(os.urandom(16))
            ISSUER.said[opaque] = {"active": True} | ISSUER.claims(gate.resource, **change)
            gate.show(f"introspection: {what}", opaque)
