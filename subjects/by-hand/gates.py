"""What was found of servers that ask for client certificates, by hand: a CA from openssl, the server as its folder starts it, and a
connection from Python's own library. Nothing of Authbed is needed.

Usage: gates.py nginx|haproxy|apache
"""
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

NAME = sys.argv[1]
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")
RELOAD = {"nginx": signal.SIGHUP, "haproxy": signal.SIGUSR2, "apache": signal.SIGUSR1}[NAME]


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], cwd=WORK, check=True, capture_output=True)


def certificate(name: str, *extensions: str) -> None:
    """Signed by the CA, for a day. Without extensions it is version 1."""
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
    with open(f"{WORK}/{name}.ext", "w") as file:
        file.write("\n".join(extensions))
    extra = ["-extfile", f"{name}.ext"] if extensions else []
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1", "-out", f"{name}.pem", *extra)


def brief_certificate() -> None:
    """Good for eight seconds from now."""
    end = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 8))
    with open(f"{WORK}/usage.ext", "w") as file:
        file.write("extendedKeyUsage=clientAuth\n")
    openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-in", "brief.csr", "-out", "brief.pem", "-enddate", end, "-extfile", "usage.ext",
            "-policy", "any", "-outdir", ".")


def revocation_list(*revoked: str) -> None:
    for name in revoked:
        openssl("ca", "-config", "ca.cnf", "-revoke", f"{name}.pem")
    openssl("ca", "-config", "ca.cnf", "-gencrl", "-out", "revoked.crl")


def make_authority() -> None:
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=by-hand",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    with open(f"{WORK}/ca.cnf", "w") as file:
        file.write("[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ncertificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\ndefault_crl_days=1\nnew_certs_dir=.\nserial=serial\n[any]\ncommonName=supplied\n")
    open(f"{WORK}/index.txt", "w").close()
    for name in ("number", "serial"):
        with open(f"{WORK}/{name}", "w") as file:
            file.write("1000\n")
    certificate("server", "subjectAltName=IP:127.0.0.1", "extendedKeyUsage=serverAuth")
    for name in ("alice", "anna"):
        certificate(name, "extendedKeyUsage=clientAuth", "basicConstraints=CA:FALSE")
    certificate("version-1")
    certificate("brief")
    brief_certificate()
    revocation_list()


class Caller:
    """One caller with its certificate, and the TLS sessions that it got."""

    def __init__(self, name: str) -> None:
        self.context = ssl.create_default_context(cafile=f"{WORK}/ca.pem")
        # In TLS 1.2 Python can be told which session to resume.
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(f"{WORK}/{name}.pem", f"{WORK}/{name}.key")

    def connect(self, session=None) -> http.client.HTTPSConnection:
        raw = socket.create_connection(("127.0.0.1", PORT), timeout=5)
        connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=self.context, timeout=5)
        connection.sock = self.context.wrap_socket(raw, server_hostname="127.0.0.1", session=session)
        return connection


def read(connect) -> str:
    """Over an open connection, or over the one that is opened now."""
    try:
        connection = connect() if callable(connect) else connect
        connection.request("GET", "/read")
        answer = connection.getresponse()
        answer.read()
        return f"HTTP {answer.status}"
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


make_authority()
with socket.create_server(("127.0.0.1", 0)) as free:
    PORT = free.getsockname()[1]
told = {"scheme": "mtls-crl", "tls": {"certificate": f"{WORK}/server.pem", "key": f"{WORK}/server.key", "client_ca": f"{WORK}/ca.pem", "crl": f"{WORK}/revoked.crl"}}
with open(f"{WORK}/told.json", "w") as file:
    json.dump(told, file)
os.chmod(WORK, 0o755)
server = subprocess.Popen([sys.executable, f"{HERE}/{NAME}/start.py", f"{WORK}/told.json", str(PORT)], stderr=open(f"{WORK}/server.log", "w"), start_new_session=True)
try:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and socket.socket().connect_ex(("127.0.0.1", PORT)):
        time.sleep(0.05)
    print(f"{NAME}: a right certificate: {read(Caller('alice').connect)}")
    print(f"{NAME}: a certificate of version 1, without extensions: {read(Caller('version-1').connect)}")
    brief = Caller("brief")
    open_one = brief.connect()
    print(f"{NAME}: a certificate that ends in some seconds, on a connection that stays open: {read(open_one)}")
    for _ in range(9):
        time.sleep(1)
        last = read(open_one)
    print(f"{NAME}: its end is past; anew: {read(brief.connect)}; on the connection that stayed open: {last}")
    alice, anna = Caller("alice"), Caller("anna")
    kept = alice.connect()
    print(f"{NAME}: alice on a connection that stays open: {read(kept)}")
    first = anna.connect()
    print(f"{NAME}: anna, whose session is kept: {read(first)}")
    session = first.sock.session if first.sock else None
    first.close()
    revocation_list("alice", "anna")
    server.send_signal(RELOAD)
    time.sleep(2)
    print(f"{NAME}: both revoked, and reloaded; alice anew: {read(alice.connect)}")
    print(f"{NAME}: alice on the connection that stayed open: {read(kept) if kept.sock else 'it was closed'}")
    try:
        again = anna.connect(session)
        print(f"{NAME}: anna resumes her session (resumed: {again.sock.session_reused}): {read(again)}")
    except OSError as error:
        print(f"{NAME}: anna resumes her session: {error}")
finally:
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(timeout=10)
