"""What was found of the official Python SDK as a client, by hand: a server and an issuer of a few lines from Python's own library, and
the client as its folder starts it. Nothing of Authbed is needed. Each line says what reached the issuer or the server.

Usage: mcp_client.py        with mcp-python-client installed
"""
import http.server
import json
import ssl
import subprocess
import threading
import time
import urllib.parse

from common import CLEAN, SUBJECTS, server_certificate
from common import show as line

HOME = f"{SUBJECTS}/mcp-python-client"
SECRET = "by-hand-secret"
TLS = server_certificate()


class Peer:
    """An MCP server and the issuer that it names, on one address; what `bent` says is different."""

    def __init__(self, tls: bool = True, **bent) -> None:
        self.bent, self.tokens_asked, self.authorized, self.bearer = bent, 0, 0, False
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status: int, document: dict | None = None, **fields: str) -> None:
                body = json.dumps(document).encode() if document is not None else b""
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                path = urllib.parse.urlsplit(self.path)
                if "oauth-protected-resource" in path.path:
                    return self.answer(200, {"resource": f"{peer.url}/mcp", "authorization_servers": [peer.url]} | bent.get("resource", {}))
                if "well-known" in path.path:
                    issuer = bent.get("issuer", lambda url: url)(peer.url)
                    known = {
                        "issuer": issuer, "authorization_endpoint": f"{peer.url}/authorize", "token_endpoint": bent.get("token_endpoint", f"{peer.url}/token"),
                        "response_types_supported": ["code"], "grant_types_supported": ["client_credentials", "authorization_code"],
                        "token_endpoint_auth_methods_supported": ["client_secret_basic"], "code_challenge_methods_supported": ["S256"]}
                    return self.answer(200, {name: value for name, value in known.items() if name not in bent.get("without", ())})
                if path.path == "/authorize":
                    peer.authorized += 1
                    asked = dict(urllib.parse.parse_qsl(path.query))
                    back = urllib.parse.urlencode({"code": "c", "state": asked.get("state", ""), "iss": peer.url})
                    return self.answer(302, Location=f"{asked['redirect_uri']}?{back}")
                self.answer(404)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/token":
                    peer.tokens_asked += 1
                    time.sleep(bent.get("silent_for", 0))
                    token = {"access_token": "t", "token_type": "Bearer", "expires_in": 600}
                    return self.answer(200, {name: value for name, value in token.items() if name not in bent.get("token_without", ())})
                if self.headers.get("Authorization") == "Bearer t":
                    peer.bearer = True
                    # It has shown what was to be seen.
                    return self.answer(403)
                where = bent.get("metadata", f"{peer.url}/.well-known/oauth-protected-resource/mcp")
                self.answer(401, WWW_Authenticate=f'Bearer resource_metadata="{where}"')

            def log_message(self, *_) -> None:
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(TLS["certificate"], TLS["key"])
            self.listener.socket = context.wrap_socket(self.listener.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.listener.server_port}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()


def show(checks: str, what: str, server: Peer, issuer: Peer | None = None, scenario: str = "auth/client-credentials-basic") -> None:
    issuer = issuer or server
    told = {"MCP_CONFORMANCE_SCENARIO": scenario, "MCP_CONFORMANCE_CONTEXT": json.dumps({"client_id": "app", "client_secret": SECRET}),
            "MCP_CONFORMANCE_PROTOCOL_VERSION": "2026-07-28", "SSL_CERT_FILE": TLS["certificate"]}
    command = [f"{HOME}/.installed/bin/python", f"{HOME}/everything_client.py", f"{server.url}/mcp"]
    start = time.monotonic()
    subprocess.run(command, env=CLEAN | told, capture_output=True, timeout=60, check=False)
    took = f", ended after {time.monotonic() - start:.0f} s" if "silent_for" in server.bent else ""
    went = f", went to the authorization endpoint {issuer.authorized} times" if scenario == "auth/pre-registration" else ""
    line("mcp-python-client", checks, what, f"it asked for a token {issuer.tokens_asked} times{went}, and {'showed' if server.bearer else 'did not show'} it to the server{took}")


show("", "all as it should be", Peer())
show("", "all as it should be, with a user", Peer(), scenario="auth/pre-registration")
elsewhere = Peer()
server = Peer(metadata=f"{elsewhere.url}/.well-known/oauth-protected-resource/mcp")
elsewhere.bent["resource"] = {"resource": f"{server.url}/mcp"}
show("client.foreign-metadata, client.neighbours", "metadata of another origin, which names its own issuer (RFC 9728 section 3.3)", server, elsewhere)
show("client.needs-pkce", "no code_challenge_methods_supported (MCP Authorization: MUST refuse)", Peer(without=["code_challenge_methods_supported"]), scenario="auth/pre-registration")
plain = Peer(tls=False)
show("client.plain-token-endpoint", "a token endpoint without TLS (RFC 6749 section 3.2)", Peer(token_endpoint=f"{plain.url}/token"), plain)
show("client.issuer-mismatch", "the issuer in capitals (RFC 8414 section 3.3: letter by letter)", Peer(issuer=lambda url: url.replace("https", "HTTPS")))
show("client.issuer-mismatch", "another issuer in the metadata", Peer(issuer=lambda url: "https://other.example"))
show("client.token-type", "no token_type (RFC 6749 section 7.1)", Peer(token_without=["token_type"]))
show("client.issuer-in-trouble", "a token endpoint that says nothing for twenty seconds", Peer(silent_for=20))
