"""An authority of openssl's and its callers, for the scripts beside this one; connections are those of Python's own library."""
import http.client
import os
import socket
import ssl
import time

from common import WORK, openssl, write

P256 = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
ROOT = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash"
CALLER = "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth"


class Authority:
    """Self-signed, or signed by another one."""

    def __init__(self, name: str, by: "Authority | None" = None, extensions: str = ROOT) -> None:
        self.name = name
        self.chain = [] if by is None else [self, *by.chain]
        write(f"{name}.cnf", f"""[req]
distinguished_name=none
x509_extensions=root
[none]
[root]
{extensions}
[ca]
default_ca=own
[own]
database={name}.index
crlnumber={name}.number
certificate={name}.pem
private_key={name}.key
default_md=sha256
default_crl_days=1
new_certs_dir=.
serial={name}.serial
[any]
commonName=supplied
[without-number]
authorityKeyIdentifier=keyid
""")
        write(f"{name}.index", "")
        write(f"{name}.index.attr", "unique_subject = no\n")
        for kind in ("number", "serial"):
            write(f"{name}.{kind}", "1000\n")
        if by is None:
            openssl("req", "-x509", *P256, "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN={name}", "-config", f"{name}.cnf")
        else:
            by.sign(name, f"/CN={name}", extensions)
        self.path = f"{WORK}/{name}.pem"

    def sign(self, name: str, subject: str, extensions: str = CALLER, key: tuple = P256, serial: str = "", days: str = "1", request: tuple = ()) -> str:
        """For a day if not said otherwise. Without extensions it is of version 1."""
        openssl("req", "-new", *key, "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject, *request)
        numbered = ["-set_serial", serial] if serial else ["-CAcreateserial"]
        extra = ["-extfile", write(f"{name}.ext", extensions)] if extensions else []
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.pem", "-CAkey", f"{self.name}.key", *numbered, "-days", days, "-out", f"{name}.pem", *extra)
        return name

    def caller(self, name: str, names: str = "", common: str = "alice", **more) -> str:
        """A certificate for calls, with alternative names; and the authorities up to the root behind it."""
        self.sign(name, f"/CN={common}", CALLER + (f"\nsubjectAltName={names}" if names else ""), **more)
        with open(f"{WORK}/{name}.pem", "a") as file:
            for authority in self.chain:
                file.write(open(authority.path).read())
        return name

    def brief(self, name: str, names: str, seconds: int) -> str:
        """Good for some seconds from now."""
        self.caller(name, names)
        end = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + seconds))
        openssl("ca", "-batch", "-notext", "-config", f"{self.name}.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-enddate", end, "-extfile", f"{name}.ext",
                "-policy", "any", "-outdir", ".")
        return name

    def knows(self, *names: str) -> None:
        """A responder knows only of what is in the index."""
        for name in names:
            openssl("ca", "-config", f"{self.name}.cnf", "-valid", f"{name}.pem")

    def revocations(self, *revoked: str, numbered: bool = True) -> str:
        """A new list, put in the place of the old one by a rename."""
        for name in revoked:
            openssl("ca", "-config", f"{self.name}.cnf", "-revoke", f"{name}.pem")
        config = f"{self.name}.cnf"
        if not numbered:
            with open(f"{WORK}/{config}") as file:
                config = write(f"{self.name}-bare.cnf", file.read().replace(f"crlnumber={self.name}.number\n", ""))
        openssl("ca", "-config", config, "-gencrl", "-out", f"{self.name}.crl.new", *([] if numbered else ["-crlexts", "without-number"]))
        os.replace(f"{WORK}/{self.name}.crl.new", f"{WORK}/{self.name}.crl")
        return f"{WORK}/{self.name}.crl"


def server_side(authority: Authority) -> dict:
    """What the document for a subject under test says of TLS, with this one as the callers' authority, which has signed the server's, too."""
    if not os.path.exists(f"{WORK}/server.pem"):
        authority.sign("server", "/CN=server", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth")
        write("trusted.pem", open(authority.path).read())
    return {"certificate": f"{WORK}/server.pem", "key": f"{WORK}/server.key", "client_ca": authority.path}


class Caller:
    """One caller with its certificate, and the TLS sessions that it got."""

    def __init__(self, name: str, port: int, newest: bool = False) -> None:
        self.port = port
        self.context = ssl.create_default_context(cafile=f"{WORK}/trusted.pem")
        # In TLS 1.2 Python can be told which session to resume. Keys may be as short as they like.
        self.context.maximum_version = ssl.TLSVersion.TLSv1_3 if newest else ssl.TLSVersion.TLSv1_2
        self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
        self.context.load_cert_chain(f"{WORK}/{name}.pem", f"{WORK}/{name}.key")

    def connect(self, session=None) -> http.client.HTTPSConnection:
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=8)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=8)
        connection.sock = self.context.wrap_socket(raw, server_hostname="127.0.0.1", session=session)
        return connection


def send(connect, method: str, path: str, body: str | None) -> str:
    """Over an open connection, or over the one that is opened now."""
    try:
        connection = connect() if callable(connect) else connect
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        answer.read()
        return f"HTTP {answer.status}"
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None)
        return f"refused ({reason})" if reason else type(error).__name__
