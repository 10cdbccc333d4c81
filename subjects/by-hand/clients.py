"""What was found of clients, by hand: certificates from openssl, TLS servers from Python's own library, and the client as its folder
starts it. Nothing of Authbed is needed. Each line says whether the secret arrived.

Usage: clients.py NAME        NAME: a client's folder beside this one, such as curl
"""
import socket
import ssl
import subprocess
import sys
import threading
import warnings

from authority import Authority
from common import CLEAN, SUBJECTS, WORK, command, show, write

# Old versions are the matter here, and Python says that they are old.
warnings.simplefilter("ignore", DeprecationWarning)
NAME = sys.argv[1]
SECRET = "sk_test_by-hand"
CA, OTHER = Authority("ca"), Authority("other")


def certificate(name: str, *extensions: str, by: Authority = CA, subject: str = "server") -> None:
    by.sign(name, f"/CN={subject}", "\n".join(("basicConstraints=CA:FALSE", *extensions)))


class Server:
    """Answers one thing to everybody, and remembers whether the secret arrived, and a certificate."""

    def __init__(self, shown: str, answer: str = "HTTP/1.1 200 OK", asks: bool = False, old: bool = False) -> None:
        self.told, self.certificate = False, False
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if old:
            self.context.set_ciphers("ALL:@SECLEVEL=0")
            self.context.minimum_version, self.context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        self.context.load_cert_chain(f"{WORK}/{shown}.pem", f"{WORK}/{shown}.key")
        if asks:
            self.context.verify_mode = ssl.CERT_OPTIONAL
            self.context.load_verify_locations(f"{WORK}/ca.pem")
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}/mcp"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            raw, _ = self.listener.accept()
            raw.settimeout(5)
            try:
                with self.context.wrap_socket(raw, server_side=True) as peer:
                    self.certificate = bool(peer.getpeercert())
                    text = b""
                    while b"\r\n\r\n" not in text:
                        piece = peer.recv(65536)
                        if not piece:
                            break
                        text += piece
                    self.told = self.told or SECRET.encode() in text
                    peer.sendall(f"{self.answer}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
                    peer.unwrap()
            except OSError:
                pass


def call(url: str) -> int:
    words = command(NAME, "start", url=url, ca=CA.path, header_file=f"{WORK}/headers", body_file=f"{WORK}/body", timeout="5", certificate=f"{WORK}/alice.pem", key=f"{WORK}/alice.key")
    return subprocess.run(words, env=CLEAN, capture_output=True, timeout=30).returncode


def row(checks: str, what: str, server: Server, told_at: Server | None = None) -> None:
    status = call(server.url)
    show(NAME, checks, what, f"the secret {'arrived' if (told_at or server).told else 'did not arrive'}, exit status {status}")


certificate("right", "subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth")
certificate("strangers", "subjectAltName=DNS:localhost", "extendedKeyUsage=serverAuth", by=OTHER)
certificate("elsewhere", "subjectAltName=DNS:other.example", "extendedKeyUsage=serverAuth")
certificate("partial", "subjectAltName=DNS:local*", "extendedKeyUsage=serverAuth")
certificate("common-name", "extendedKeyUsage=serverAuth", subject="localhost")
certificate("for-clients", "subjectAltName=DNS:localhost", "extendedKeyUsage=clientAuth")
certificate("alice", "extendedKeyUsage=clientAuth", subject="alice")
write("headers", f"Content-Type: application/json\nAuthorization: Bearer {SECRET}\n")
write("body", "{}")
CA.sign("ended", "/CN=server", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth", days="-1")
row("", "a right server", Server("right"))
row("client.server-ca", "another authority's certificate", Server("strangers"))
row("client.server-expired", "a certificate that ended yesterday", Server("ended"))
row("client.server-name", "a certificate for another host", Server("elsewhere"))
row("client.server-name", "a star within a label (RFC 9525 section 6.3)", Server("partial"))
row("client.server-common-name", "the host in the common name alone (RFC 9525 section 6.4.4)", Server("common-name"))
row("client.server-usage", "a certificate for clients (RFC 5280 section 4.2.1.12)", Server("for-clients"))
row("client.old-tls", "TLS 1.0 and 1.1 alone (RFC 8996)", Server("right", old=True))
other = Server("right")
row("client.redirects", "a redirect to another origin, what arrives there", Server("right", f"HTTP/1.1 302 Found\r\nLocation: {other.url.replace('localhost', '127.0.0.1')}"), other)
asking = Server("right", asks=True)
call(asking.url)
show(NAME, "client.shows-its-certificate", "asked for a certificate", "it was shown" if asking.certificate else "none was shown")
