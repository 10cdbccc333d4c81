"""What was found of clients that get tokens for themselves, by hand: a server and an issuer of a few lines from Python's own library, and the
client as its folder starts it. Nothing of Authbed is needed. Each line says what reached the issuer or the server.

Usage: token_clients.py NAME        NAME: mcp-python-client or article-client
"""
import http.server
import json
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

from common import CLEAN, command, server_certificate, write
from common import show as line

NAME = sys.argv[1]
SECRET = "by-hand-secret"
TLS = server_certificate()


class Peer:
    """An MCP server and the issuer that it names, on one address; what `bent` says is different."""

    def __init__(self, tls: dict | None = TLS, host: str = "127.0.0.1", **bent) -> None:
        self.tls, self.bent, self.tokens_asked, self.authorized, self.bearer, self.told, self.refused = tls or TLS, bent, 0, 0, False, "", 0
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
                text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if self.path == "/token":
                    peer.tokens_asked += 1
                    peer.told = ", ".join(name for name, _ in urllib.parse.parse_qsl(text, keep_blank_values=True))
                    if "leads_to" in bent:
                        return self.answer(307, Location=bent["leads_to"])
                    time.sleep(bent.get("silent_for", 0))
                    token = {"access_token": "t", "token_type": bent.get("token_type", "Bearer"), "expires_in": 600}
                    return self.answer(200, {name: value for name, value in token.items() if name not in bent.get("token_without", ())})
                if self.headers.get("Authorization") == "Bearer t":
                    peer.bearer = True
                    if peer.refused < bent.get("refuses", 0):
                        peer.refused += 1
                        return self.answer(401, WWW_Authenticate='Bearer error="invalid_token"')
                    time.sleep(bent.get("server_silent_for", 0))
                    # It has shown what was to be seen.
                    return self.answer(403)
                where = bent.get("metadata", f"{peer.url}/.well-known/oauth-protected-resource/mcp")
                self.answer(401, WWW_Authenticate=f'Bearer resource_metadata="{where}"')

            def log_message(self, *_) -> None:
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls["certificate"], tls["key"])
            self.listener.socket = context.wrap_socket(self.listener.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://{host}:{self.listener.server_port}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()


def run(server: Peer, scenario: str, parallel: int) -> None:
    if NAME == "article-client":
        told = {"server": f"{server.url}/mcp", "ca": server.tls["certificate"], "scheme": "oauth-jwt", "oauth": {"client_id": "app", "client_secret_file": write("client-secret", SECRET), "scopes": ["mcp:read"]}}
        words, more, given = command(NAME, "start", config=write("client.json", told)), {}, json.dumps({"id": 1, "call": "canary.read", "parallel": parallel}) + "\n"
    else:
        words, given = [*command(NAME, "start"), f"{server.url}/mcp"], ""
        more = {"MCP_CONFORMANCE_SCENARIO": scenario, "MCP_CONFORMANCE_CONTEXT": json.dumps({"client_id": "app", "client_secret": SECRET}),
                "MCP_CONFORMANCE_PROTOCOL_VERSION": "2026-07-28", "SSL_CERT_FILE": server.tls["certificate"]}
    # It is told to end when it has answered.
    with subprocess.Popen(words, env=CLEAN | more, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        process.stdin.write(given)
        process.stdin.flush()
        if NAME == "article-client":
            [process.stdout.readline() for _ in range(2)]
            process.stdin.close()
        process.stdout.read()


def show(checks: str, what: str, server: Peer, issuer: Peer | None = None, scenario: str = "auth/client-credentials-basic", parallel: int = 1) -> None:
    issuer = issuer or server
    start = time.monotonic()
    run(server, scenario, parallel)
    took = f", ended after {time.monotonic() - start:.0f} s" if {"silent_for", "server_silent_for"} & server.bent.keys() else ""
    went = f", went to the authorization endpoint {issuer.authorized} times" if scenario == "auth/pre-registration" else ""
    told = f", by {issuer.told}" if checks == "client.token-request" else ""
    line(NAME, checks, what, f"it asked for a token {issuer.tokens_asked} times{told}{went}, and {'showed' if server.bearer else 'did not show'} it to the server{took}")


show("", "all as it should be", Peer())
show("client.token-request", "what it asks by (RFC 8707 section 2: resource, which MCP Authorization demands)", Peer())
show("client.token-type", "a token of the type MAC (RFC 6749 section 7.1)", Peer(token_type="MAC"))
show("client.token-type", "no token_type (RFC 6749 section 7.1)", Peer(token_without=["token_type"]))
elsewhere = Peer()
show("client.token-redirects", "the token endpoint answers 307, what arrives where it leads (RFC 9700 section 4.12)", Peer(leads_to=f"{elsewhere.url}/token"), elsewhere)
show("client.issuer-in-trouble", "a token endpoint that says nothing for twenty seconds", Peer(silent_for=20))
show("client.recovers-from-401", "its token is refused once", Peer(refuses=1))
nameless = server_certificate("common-name", "/CN=localhost", ())
show("client.server-common-name", "a server whose certificate has the host in its common name alone (RFC 9525 section 6.4.4)", Peer(nameless, "localhost"))
if NAME == "article-client":
    show("client.gives-up", "a server that says nothing for twenty seconds", Peer(server_silent_for=20))
    show("client.one-refresh-for-all-callers", "eight calls at once", Peer(), parallel=8)
    sys.exit()
show("", "all as it should be, with a user", Peer(), scenario="auth/pre-registration")
elsewhere = Peer()
server = Peer(metadata=f"{elsewhere.url}/.well-known/oauth-protected-resource/mcp")
elsewhere.bent["resource"] = {"resource": f"{server.url}/mcp"}
show("client.foreign-metadata, client.neighbours", "metadata of another origin, which names its own issuer (RFC 9728 section 3.3)", server, elsewhere)
show("client.needs-pkce", "no code_challenge_methods_supported (MCP Authorization: MUST refuse)", Peer(without=["code_challenge_methods_supported"]), scenario="auth/pre-registration")
plain = Peer(tls=None)
show("client.plain-token-endpoint", "a token endpoint without TLS (RFC 6749 section 3.2)", Peer(token_endpoint=f"{plain.url}/token"), plain)
show("client.issuer-mismatch", "the issuer in capitals (RFC 8414 section 3.3: letter by letter)", Peer(issuer=lambda url: url.replace("https", "HTTPS")))
show("client.issuer-mismatch", "another issuer in the metadata", Peer(issuer=lambda url: "https://other.example"))
