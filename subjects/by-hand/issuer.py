"""A token issuer of a few lines, for the scripts beside this one: its keys are openssl's, its tokens are put together by hand."""
import http.server
import json
import os
import threading
import time
import urllib.parse

from common import openssl, text, write


class Key:
    """A pair on P-256, and what is published of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.pem")
        # The point is the last 64 octets of the public key.
        point = openssl("ec", "-in", f"{name}.pem", "-pubout", "-outform", "DER")[-64:]
        self.public = {"kty": "EC", "crv": "P-256", "kid": name, "alg": "ES256", "x": text(point[:32]), "y": text(point[32:])}

    def sign(self, octets: bytes) -> bytes:
        """The two numbers of ES256, 32 octets each (RFC 7518 section 3.4)."""
        # DER: a sequence of two numbers, each with its length and perhaps a zero in front.
        der, numbers, at = openssl("dgst", "-sha256", "-sign", f"{self.name}.pem", given=octets), b"", 2
        for _ in range(2):
            length = der[at + 1]
            numbers += der[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
            at += 2 + length
        return numbers


class RSAKey:
    """A pair of 2048 bits that is published for RS256, and signs by any algorithm of RSA."""

    def __init__(self, name: str) -> None:
        self.name = name
        openssl("genrsa", "-out", f"{name}.pem", "2048")
        modulus = openssl("rsa", "-in", f"{name}.pem", "-noout", "-modulus").decode().strip().removeprefix("Modulus=")
        self.public = {"kty": "RSA", "kid": name, "alg": "RS256", "n": text(bytes.fromhex(modulus)), "e": "AQAB"}

    def sign(self, octets: bytes, algorithm: str = "RS256") -> bytes:
        padding = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest") if algorithm.startswith("PS") else ()
        return openssl("dgst", f"-sha{algorithm[2:]}", *padding, "-sign", f"{self.name}.pem", given=octets)


class Issuer:
    """Publishes its metadata and its keys, and answers what `said` holds of a token when it is asked."""

    def __init__(self, key: Key | RSAKey | None = None) -> None:
        self.key = key or Key("one")
        # `answers`: what the key set is answered with, if not 200.
        self.keys, self.said, self.fetches, self.answers = [self.key.public], {}, 0, 200
        # The secret that a server asks by.
        self.secret = write("secret", "introspection-secret")
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, document: dict | str, status: int = 200) -> None:
                body = (document if isinstance(document, str) else json.dumps(document)).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                if self.path == "/jwks":
                    issuer.fetches += 1
                    return self.answer({"keys": issuer.keys} if issuer.answers == 200 else {}, issuer.answers)
                self.answer({"issuer": issuer.url, "jwks_uri": f"{issuer.url}/jwks", "introspection_endpoint": f"{issuer.url}/introspect",
                             "token_endpoint": f"{issuer.url}/token", "response_types_supported": []})

            def do_POST(self) -> None:
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(issuer.said.get(form["token"][0], {"active": False}))

            def log_message(self, *_) -> None:
                pass

        listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{listener.server_port}"
        threading.Thread(target=listener.serve_forever, daemon=True).start()

    @property
    def told(self) -> list:
        """As the document for a server names it."""
        return [{"issuer": self.url, "client_id": "server", "client_secret_file": self.secret}]

    def claims(self, audience: str, **change) -> dict:
        """A change to None takes a claim out."""
        now = int(time.time())
        claims = {"iss": self.url, "sub": "alice", "aud": audience, "client_id": "alice", "scope": "mcp:read mcp:write", "iat": now, "exp": now + 600, "jti": text(os.urandom(8))}
        return {name: value for name, value in (claims | change).items() if value is not None}

    def token(self, claims: dict | str, header: dict | str | None = None, key: Key | None = None) -> str:
        """Texts are taken as they are, so that they can be what a JSON writer never makes."""
        key = key or self.key
        if not isinstance(header, str):
            header = json.dumps({"alg": "ES256", "typ": "at+jwt", "kid": key.name} | (header or {}))
        if not isinstance(claims, str):
            claims = json.dumps(claims)
        signed = f"{text(header.encode())}.{text(claims.encode())}"
        return f"{signed}.{text(key.sign(signed.encode()))}"
