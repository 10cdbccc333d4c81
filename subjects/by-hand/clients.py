"""What was found of clients, by hand: certificates from openssl, TLS servers from Python's own library, and the client as its folder
starts it. Nothing of Authbed is needed. Each line says whether the secret arrived.

Usage: clients.py NAME        NAME: a client's folder beside this one, such as curl
"""
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import warnings

# Old versions are the matter here, and Python says that they are old.
warnings.simplefilter("ignore", DeprecationWarning)
NAME = sys.argv[1]
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")
SECRET = "sk_test_by-hand"


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], cwd=WORK, check=True, capture_output=True)


def authority(name: str) -> None:
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2",
            "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign")


def certificate(name: str, *extensions: str, by: str = "ca", subject: str = "server") -> None:
    with open(f"{WORK}/{name}.ext", "w") as file:
        file.write("\n".join(("basicConstraints=CA:FALSE",) + extensions))
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={subject}")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial", "-days", "1", "-out", f"{name}.pem", "-extfile", f"{name}.ext")


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
    with open(f"{HERE}/{NAME}/subject.yaml") as file:
        words = re.search(r"^start: \[(.*)\]$", file.read(), re.M).group(1).split(", ")
    given = {"subject": f"{HERE}/{NAME}", "url": url, "ca": f"{WORK}/ca.pem", "header-file": f"{WORK}/headers", "body-file": f"{WORK}/body", "timeout": "5",
             "certificate": f"{WORK}/alice.pem", "key": f"{WORK}/alice.key"}
    command = [re.sub(r"\{([a-z-]+)\}", lambda found: given[found[1]], word.strip('"')) for word in words]
    kept = {name: value for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")}
    return subprocess.run(command, env=kept, capture_output=True, timeout=30).returncode


def show(what: str, server: Server, told_at: Server | None = None) -> None:
    status = call(server.url)
    print(f"{NAME}: {what}: the secret {'arrived' if (told_at or server).told else 'did not arrive'}, exit status {status}")


authority("ca")
authority("other")
certificate("right", "subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth")
certificate("strangers", "subjectAltName=DNS:localhost", "extendedKeyUsage=serverAuth", by="other")
certificate("elsewhere", "subjectAltName=DNS:other.example", "extendedKeyUsage=serverAuth")
certificate("partial", "subjectAltName=DNS:local*", "extendedKeyUsage=serverAuth")
certificate("common-name", "extendedKeyUsage=serverAuth", subject="localhost")
certificate("for-clients", "subjectAltName=DNS:localhost", "extendedKeyUsage=clientAuth")
certificate("alice", "extendedKeyUsage=clientAuth", subject="alice")
with open(f"{WORK}/headers", "w") as file:
    file.write(f"Content-Type: application/json\nAuthorization: Bearer {SECRET}\n")
with open(f"{WORK}/body", "w") as file:
    file.write("{}")
show("a right server", Server("right"))
show("another authority's certificate", Server("strangers"))
show("a certificate for another host", Server("elsewhere"))
show("a star within a label (RFC 9525 section 6.3)", Server("partial"))
show("the host in the common name alone (RFC 9525 section 6.4.4)", Server("common-name"))
show("a certificate for clients (RFC 5280 section 4.2.1.12)", Server("for-clients"))
show("TLS 1.0 and 1.1 alone (RFC 8996)", Server("right", old=True))
other = Server("right")
show("a redirect to another origin, what arrives there", Server("right", f"HTTP/1.1 302 Found\r\nLocation: {other.url.replace('localhost', '127.0.0.1')}"), other)
asking = Server("right", asks=True)
call(asking.url)
print(f"{NAME}: asked for a certificate: {'it was shown' if asking.certificate else 'none was shown'}")
