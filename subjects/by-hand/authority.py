"""An authority and its callers, for the scripts beside this one: certificates from openssl, connections from Python's own library, and a
server as its folder starts it."""
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

SUBJECTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")
os.chmod(WORK, 0o755)


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
    for name in ("alice", "anna", "bob"):
        certificate(name, "extendedKeyUsage=clientAuth", "basicConstraints=CA:FALSE")
    certificate("version-1")
    certificate("brief")
    brief_certificate()
    revocation_list()


class Caller:
    """One caller with its certificate, and the TLS sessions that it got."""

    def __init__(self, name: str, port: int) -> None:
        self.port = port
        self.context = ssl.create_default_context(cafile=f"{WORK}/ca.pem")
        # In TLS 1.2 Python can be told which session to resume.
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(f"{WORK}/{name}.pem", f"{WORK}/{name}.key")

    def connect(self, session=None) -> http.client.HTTPSConnection:
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=5)
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


class Gate:
    """A server, from its start to its end."""

    def __init__(self, name: str, scheme: str, **more) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        tls = {"certificate": f"{WORK}/server.pem", "key": f"{WORK}/server.key", "client_ca": f"{WORK}/ca.pem"} | more
        with open(f"{WORK}/told.json", "w") as file:
            json.dump({"scheme": scheme, "tls": tls}, file)
        self.process = subprocess.Popen([sys.executable, f"{SUBJECTS}/{name}/start.py", f"{WORK}/told.json", str(self.port)],
                                        stderr=open(f"{WORK}/server.log", "w"), start_new_session=True)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and socket.socket().connect_ex(("127.0.0.1", self.port)):
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=10)

    def caller(self, name: str) -> Caller:
        return Caller(name, self.port)
