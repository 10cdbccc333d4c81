"""A token issuer of a few lines, for the scripts beside this one: its key is openssl's, its tokens are put together by hand."""
import base64
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.parse

SUBJECTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")


def openssl(*words: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], cwd=WORK, check=True, capture_output=True, input=given).stdout


def text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def server_certificate() -> dict:
    """As the document for a subject under test names it."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=by-hand",
            "-addext", "subjectAltName=IP:127.0.0.1")
    return {"certificate": f"{WORK}/cert.pem", "key": f"{WORK}/key.pem"}


def key_pair() -> dict:
    """Makes the issuer's key; returns what it publishes of it."""
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "issuer.pem")
    # The point is the last 64 octets of the public key.
    point = openssl("ec", "-in", "issuer.pem", "-pubout", "-outform", "DER")[-64:]
    return {"kty": "EC", "crv": "P-256", "kid": "one", "alg": "ES256", "x": text(point[:32]), "y": text(point[32:])}


class Issuer:
    """Publishes its metadata and its keys, and answers what `said` holds of a token when it is asked."""

    def __init__(self) -> None:
        self.keys, self.said, self.fetches = [key_pair()], {}, 0
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, document: dict) -> None:
                body = json.dumps(document).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                if self.path == "/jwks":
                    issuer.fetches += 1
                    return self.answer({"keys": issuer.keys})
                self.answer({"issuer": issuer.url, "jwks_uri": f"{issuer.url}/jwks", "introspection_endpoint": f"{issuer.url}/introspect"})

            def do_POST(self) -> None:
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(issuer.said.get(form["token"][0], {"active": False}))

            def log_message(self, *_) -> None:
                pass

        listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{listener.server_port}"
        threading.Thread(target=listener.serve_forever, daemon=True).start()

    def claims(self, audience: str, **change) -> dict:
        """A change to None takes a claim out."""
        now = int(time.time())
        claims = {"iss": self.url, "sub": "alice", "aud": audience, "client_id": "alice", "scope": "mcp:read", "iat": now, "exp": now + 600, "jti": text(os.urandom(8))} | change
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, claims: dict, header: dict | None = None) -> str:
        parts = [{"alg": "ES256", "typ": "at+jwt", "kid": "one"} | (header or {}), claims]
        signed = ".".join(text(json.dumps(part).encode()) for part in parts)
        # DER: a sequence of two numbers, each with its length and perhaps a zero in front.
        der, numbers, at = openssl("dgst", "-sha256", "-sign", "issuer.pem", given=signed.encode()), b"", 2
        for _ in range(2):
            length = der[at + 1]
            numbers += der[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
            at += 2 + length
        return f"{signed}.{text(numbers)}"
