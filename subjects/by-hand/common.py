"""What the scripts beside this one share: a folder that is gone afterwards, openssl, a subject that is started as its folder says, and
requests from Python's own library. A line that shows a pinned finding names its check."""
import atexit
import base64
import dataclasses
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse

SUBJECTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = tempfile.mkdtemp(prefix="by-hand-")
# Servers that give up their rights read in it.
os.chmod(WORK, 0o755)
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
# Clients and servers trust what they are told to, and nothing of this machine's.
CLEAN = {name: value for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")}


def openssl(*words: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *words], cwd=WORK, capture_output=True, input=given, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(words)}: {done.stderr.decode()}")
    return done.stdout


def text(octets: bytes) -> str:
    """base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def write(name: str, content: str | dict) -> str:
    """Into the work folder; returns where it is."""
    with open(f"{WORK}/{name}", "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    return f"{WORK}/{name}"


def server_certificate(name: str = "cert", subject: str = "/CN=by-hand", more: tuple = ("-addext", "subjectAltName=IP:127.0.0.1")) -> dict:
    """As the document for a subject under test names it; whoever trusts it trusts itself."""
    if not os.path.exists(f"{WORK}/{name}.pem"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2",
                "-subj", subject, *more)
    return {"certificate": f"{WORK}/{name}.pem", "key": f"{WORK}/{name}.key"}


def said(name: str) -> str:
    with open(f"{SUBJECTS}/{name}/subject.yaml") as file:
        return file.read()


def command(name: str, key: str, /, **given: str | list) -> list[str]:
    """A command of subject.yaml, with its gaps filled; where one stands for several, the word is there for each."""
    line = re.search(rf"^ *{key}: \[(.*)\]$", said(name), re.M).group(1)
    given |= {"subject": f"{SUBJECTS}/{name}"}
    filled = []
    for word in line.split(", "):
        several = next((values for gap, values in given.items() if isinstance(values, list) and f"{{{gap.replace('_', '-')}}}" in word), [None])
        for one in several:
            filled.append(re.sub(r"\{([a-z-]+)\}", lambda gap: one or given[gap[1].replace("-", "_")], word.strip('"')))
    return filled


@dataclasses.dataclass
class Answer:
    status: int
    fields: http.client.HTTPMessage
    body: bytes

    def __str__(self) -> str:
        return f"HTTP {self.status}"


def ask(url: str, method: str = "GET", fields: list[tuple[str, str]] | None = None, body: bytes | None = None, ca: str | None = None) -> Answer:
    """One request with just these fields, twice if they stand twice; Host is added where it is not there, and the length of a body."""
    where, fields = urllib.parse.urlsplit(url), fields or []
    context = ssl.create_default_context(cafile=ca or server_certificate()["certificate"])
    connection = http.client.HTTPSConnection(where.hostname, where.port, context=context, timeout=20)
    try:
        connection.putrequest(method, url.split(where.netloc, 1)[1] or "/", skip_accept_encoding=True, skip_host=any(name == "Host" for name, _ in fields))
        for name, value in fields:
            connection.putheader(name, value.encode())
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def raw(url: str, octets: bytes) -> str:
    """Sends octets as they are; returns the first line of the answer."""
    where = urllib.parse.urlsplit(url)
    context = ssl.create_default_context(cafile=server_certificate()["certificate"])
    with socket.create_connection((where.hostname, where.port), timeout=10) as plain, context.wrap_socket(plain, server_hostname=where.hostname) as wire:
        wire.sendall(octets)
        try:
            line = wire.recv(65536).split(b"\r\n", 1)[0].decode()
        except OSError as error:
            return type(error).__name__
        return " ".join(line.split(" ")[:2]).replace("/1.1", "") if line else "closed"


class Subject:
    """A subject, from its start to its end."""

    def __init__(self, name: str, told: dict, more: list[str] | None = None, **environment: str) -> None:
        self.name, self.port = name, 0
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        address = re.search(r'^url: "(.*)"$', said(name), re.M)
        self.url = address.group(1).replace("{port}", str(port)) if address else ""
        self.config = write(f"told-{port}.json", {"listen": {"host": "127.0.0.1", "port": 0}, "store": f"{WORK}/store-{port}"} | ({"resource": self.url} if self.url else {}) | told)
        self.log = f"{WORK}/log-{port}"
        self.process = subprocess.Popen(
            [*command(name, "start", config=self.config, port=str(port)), *(more or [])], env=CLEAN | environment, cwd=WORK, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(self.log, "w"), text=True, start_new_session=True)
        if address:
            deadline = time.monotonic() + 30
            while socket.socket().connect_ex(("127.0.0.1", port)):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise self.trouble()
                time.sleep(0.05)
            self.port = port
            return
        for line in self.process.stdout:
            if line.startswith('{"ready"'):
                ready = json.loads(line)["ready"]
                self.url = ready.get("mcp", ready["url"])
                self.port = urllib.parse.urlsplit(self.url).port
                return
        raise self.trouble()

    def trouble(self) -> RuntimeError:
        with open(self.log) as file:
            return RuntimeError(f"{self.name} did not start: {file.read()[-2000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def home(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def call(self, tool: str = "read", fields: list[tuple[str, str]] | None = None, query: str = "", body: bytes | None = None, kind: str = "application/json") -> Answer:
        """A read or a write, as subject.yaml says it is made, or else a tools/call of the 2026-07-28 revision."""
        plain = re.search(rf"^ *{tool}: *\{{ method: (\w+), path: ([^,}}]+)(?:, body: \"?(.*?)\"?)? \}}", said(self.name), re.M)
        fields = fields or []
        if plain:
            method, path, content = plain.group(1), plain.group(2).strip(), body if body is not None else (plain.group(3) or "").encode()
            sends = [("Content-Type", kind)] if method == "POST" and kind else []
            return ask(f"{self.home}{path}{query}", method, [*sends, *fields], content if method == "POST" else None)
        if body is None:
            body = json.dumps(tool_call(f"canary.{tool}")).encode()
        own = [("Content-Type", kind)] if kind else []
        own += [("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", f"canary.{tool}")]
        return ask(self.url + query, "POST", [*own, *fields], body)


def tool_call(name: str) -> dict:
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": {"name": "by-hand", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": {}, "_meta": meta}}


def show(name: str, checks: str, what: str, came) -> None:
    """One line: whose, which checks it is about (none for what is right), what was sent, what came."""
    print(f"{name}: {checks + ': ' if checks else ''}{what}: {came}", flush=True)
