"""What was found of the article's guard for access tokens, by hand, in both readings of its scopes: an issuer of a few lines, keys and
signatures from openssl, and plain HTTPS requests from Python's own library. Nothing of Authbed is needed.

Usage: article_tokens.py
"""
import base64
import http.server
import json
import os
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")


def openssl(*words: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], cwd=WORK, check=True, capture_output=True, input=given).stdout


def text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=by-hand",
        "-addext", "subjectAltName=IP:127.0.0.1")
openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "issuer.pem")
# The point is the last 64 octets of the public key.
POINT = openssl("ec", "-in", "issuer.pem", "-pubout", "-outform", "DER")[-64:]
JWK = {"kty": "EC", "crv": "P-256", "kid": "one", "alg": "ES256", "x": text(POINT[:32]), "y": text(POINT[32:])}


class Issuer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"keys": [JWK]} if self.path == "/jwks" else {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
ISSUER = f"http://127.0.0.1:{listener.server_port}"
threading.Thread(target=listener.serve_forever, daemon=True).start()


def token(header: dict | None = None, **change) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": "alice", "aud": f"{URL}/mcp", "scope": "mcp:read", "iat": now, "exp": now + 600} | change
    parts = [{"alg": "ES256", "typ": "at+jwt", "kid": "one"} | (header or {}), {name: value for name, value in claims.items() if value is not None}]
    signed = ".".join(text(json.dumps(part).encode()) for part in parts)
    # DER: a sequence of two numbers, each with its length and perhaps a zero in front.
    der, numbers, at = openssl("dgst", "-sha256", "-sign", "issuer.pem", given=signed.encode()), b"", 2
    for _ in range(2):
        length = der[at + 1]
        numbers += der[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + length
    return f"{signed}.{text(numbers)}"


def call(what: str, authorization: str | None) -> None:
    request = urllib.request.Request(f"{URL}/mcp/tools/read", data=b"{}", headers={"Content-Type": "application/json"})
    if authorization:
        request.add_header("Authorization", authorization)
    try:
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=f"{WORK}/cert.pem"), timeout=10) as answer:
            came = f"HTTP {answer.status}"
    except urllib.error.HTTPError as error:
        came = f"HTTP {error.code}, {'a' if error.headers.get('WWW-Authenticate') else 'no'} WWW-Authenticate field"
    print(f"{READING}: {what}: {came}")


for READING in ("spaces", "characters"):
    with open(f"{WORK}/told.json", "w") as file:
        json.dump({"scheme": "oauth-jwt", "listen": {"port": 0}, "tls": {"certificate": f"{WORK}/cert.pem", "key": f"{WORK}/key.pem"}, "issuers": [{"issuer": ISSUER}]}, file)
    server = subprocess.Popen(["node", f"{HERE}/article-oauth/server.js", READING, f"{WORK}/told.json"], env=os.environ | {"NODE_PATH": "/usr/share/nodejs"},
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
