"""What was found of MCP servers that take access tokens, by hand: an issuer of a few lines, the server as its folder starts it, and
plain HTTPS requests from Python's own library. Nothing of Authbed is needed; run it with the Python that the subject installed.

Usage: subjects/NAME/.installed/bin/python subjects/by-hand/tokens.py NAME        NAME: mcp-python-sdk or fastmcp
"""
import base64
import http.server
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

NAME = sys.argv[1]
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")


class Key:
    def __init__(self, name: str, **more) -> None:
        self.name, self.private = name, ec.generate_private_key(ec.SECP256R1())
        self.public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key())) | {"kid": name, "alg": "ES256"} | more


FIRST, SECOND, SIGNING_ONLY = Key("first"), Key("second"), Key("signing-only", key_ops=["sign"])
PUBLISHED, SAID = [FIRST, SIGNING_ONLY], {}


class Issuer(http.server.BaseHTTPRequestHandler):
    def answer(self, document: dict) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path == "/jwks":
            return self.answer({"keys": [key.public for key in PUBLISHED]})
        self.answer({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks", "introspection_endpoint": f"{ISSUER}/introspect", "token_endpoint": f"{ISSUER}/token", "response_types_supported": []})

    def do_POST(self) -> None:
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(SAID.get(form["token"][0], {"active": False}))

    def log_message(self, *_) -> None:
        pass


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
ISSUER = f"http://127.0.0.1:{listener.server_port}"
threading.Thread(target=listener.serve_forever, daemon=True).start()
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{WORK}/key.pem", "-out", f"{WORK}/cert.pem", "-days", "2",
     "-subj", "/CN=by-hand", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
with open(f"{WORK}/secret", "w") as file:
    file.write("introspection-secret")
CA = ssl.create_default_context(cafile=f"{WORK}/cert.pem")


class Server:
    def __init__(self, scheme: str) -> None:
        told = {"scheme": scheme, "listen": {"host": "127.0.0.1", "port": 0}, "tls": {"certificate": f"{WORK}/cert.pem", "key": f"{WORK}/key.pem"},
                "issuers": [{"issuer": ISSUER, "client_id": "server", "client_secret_file": f"{WORK}/secret"}]}
        with open(f"{WORK}/{scheme}.json", "w") as file:
            json.dump(told, file)
        self.process = subprocess.Popen([sys.executable, f"{HERE}/{NAME}/server.py", f"{WORK}/{scheme}.json"], stdout=subprocess.PIPE, stderr=open(f"{WORK}/{scheme}.log", "w"), text=True)
        for line in self.process.stdout:
            if line.startswith("{"):
                self.url = json.loads(line)["ready"]["mcp"]
                break

    def call(self, *authorization: str, path: str = "", fields: dict | None = None) -> str:
        """A tools/call of the 2026-07-28 revision."""
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "canary.read", "arguments": {}, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": {"name": "by-hand", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {}}}}
        request = urllib.request.Request(self.url + path, data=json.dumps(body).encode(), headers={
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call",
            "Mcp-Name": "canary.read"} | (fields or {}))
        if authorization:
            request.add_header("Authorization", authorization[0])
        try:
            with urllib.request.urlopen(request, context=CA, timeout=10) as answer:
                return f"HTTP {answer.status}"
        except urllib.error.HTTPError as error:
            challenge = error.headers.get("WWW-Authenticate")
            return f"HTTP {error.code}" + (f", WWW-Authenticate: {challenge}" if challenge else "")


def claims(**change) -> dict:
    now = int(time.time())
    all_claims = {"iss": ISSUER, "sub": "alice", "aud": SERVER.url, "client_id": "alice", "scope": "mcp:read mcp:write", "iat": now, "exp": now + 600, "jti": base64.b16encode(os.urandom(8)).decode()}
    return {name: value for name, value in (all_claims | change).items() if value is not None}


def sign(content: dict, key: Key = FIRST, **header) -> str:
    return jwt.api_jws.encode(json.dumps(content).encode(), key.private, "ES256", headers={"typ": "at+jwt", "kid": key.name} | header)


def show(what: str, came: str) -> None:
    print(f"{NAME}: {what}: {came}")


SERVER = Server("oauth-jwt")
try:
    show("a right token", SERVER.call(f"Bearer {sign(claims())}"))
    show("nothing at all (RFC 6750 section 3.1: no error code)", SERVER.call())
    show("exp as a text (RFC 7519 section 2: a number)", SERVER.call(f"Bearer {sign(claims(exp=str(int(time.time()) + 600)))}"))
    show("no exp (RFC 9068 section 2.2)", SERVER.call(f"Bearer {sign(claims(exp=None))}"))
    show("nbf in an hour (RFC 7519 section 4.1.5)", SERVER.call(f"Bearer {sign(claims(nbf=int(time.time()) + 3600))}"))
    show("typ JWT, as of an ID token (RFC 9068 section 4)", SERVER.call(f"Bearer {sign(claims(), typ='JWT')}"))
    show("an empty sub", SERVER.call(f"Bearer {sign(claims(sub=''))}"))
    show("padding after the signature (RFC 7515 section 2)", SERVER.call(f"Bearer {sign(claims())}=="))
    show("signed by a key that is for signing only (RFC 7517 section 4.3)", SERVER.call(f"Bearer {sign(claims(), SIGNING_ONLY)}"))
    show("Origin of another site (MCP Transports, Security Warning)", SERVER.call(f"Bearer {sign(claims())}", fields={"Origin": "https://evil.example"}))
    deep = b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}"
    show("claims of 4000 brackets, signed", SERVER.call("Bearer " + jwt.api_jws.encode(deep, FIRST.private, "ES256", headers={"typ": "at+jwt", "kid": "first"})))
    PUBLISHED.append(SECOND)
    show("a key that was published after the start (RFC 9700 section 2.6)", SERVER.call(f"Bearer {sign(claims(), SECOND)}"))
    where = SERVER.url.replace("/mcp", "/.well-known/oauth-protected-resource/mcp")
    with urllib.request.urlopen(where, context=CA) as answer:
        said = json.load(answer)
    show("metadata: its issuer, letter by letter (RFC 8414 section 3.3)", f"{said['authorization_servers']}, the issuer is {ISSUER}")
finally:
    SERVER.process.terminate()
    SERVER.process.wait()

SERVER = Server("oauth-introspection")
try:
    def said_of(what: str, **change) -> None:
        token = base64.b16encode(os.urandom(8)).decode()
        SAID[token] = {"active": True} | claims(**change)
        show(f"introspection: {what}", SERVER.call(f"Bearer {token}"))

    said_of("active")
    said_of("active is the text false", active="false")
    said_of("nobody's: no sub and no client_id", sub=None, client_id=None)
    said_of("another issuer's", iss="https://other.example")
    said_of("good in an hour", nbf=int(time.time()) + 3600)
finally:
    SERVER.process.terminate()
    SERVER.process.wait()
