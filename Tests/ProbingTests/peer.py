"""A peer for the tests of Probing that shares no code with it: Python's http.server over its own TLS.

Reads one JSON line of settings, prints one with its port, and ends when its standard input does.
"""
import http.server, json, os, socket, ssl, struct, sys, threading

settings = json.loads(sys.stdin.readline())
connections, hanging = [], []
changed, released = threading.Condition(), threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, text, **fields):
        body = text.encode()
        self.send_response(200)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        tls = getattr(self.connection, "getpeercert", None)
        subject = tls() if tls else None
        name = subject["subject"][0][0][1] if subject else "nobody"
        if self.path == "/connections":
            self.answer(str(len(connections)))
        elif self.path == "/close":
            self.close_connection = True
            self.answer(name, Connection="close")
        elif self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in (b"he\r\n", b"llo"):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        elif self.path == "/echo":
            self.answer(json.dumps([[n, v] for n, v in self.headers.items()]))
        elif self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif self.path == "/hang":
            with changed:
                hanging.append(self)
                changed.notify_all()
            released.wait()
            self.answer(name)
        elif self.path.startswith("/until-hanging="):
            wanted = int(self.path.split("=")[1])
            with changed:
                changed.wait_for(lambda: len(hanging) >= wanted)
            self.answer(str(len(hanging)))
        elif self.path == "/release":
            released.set()
            self.answer("released")
        else:
            self.answer(name, **{"X-Request-Id": "r-1"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(json.dumps({"type": self.headers.get("Content-Type"), "length": len(body)}))


def serve(client):
    mode = settings.get("mode")
    try:
        if mode == "silent":
            client.recv(1 << 16)
            released.wait()
        elif mode in ("close", "reset"):
            client.recv(1 << 16)
            if mode == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            if context:
                client = context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
                try:
                    client.do_handshake()
                except (ssl.SSLError, OSError):
                    # Leaves the caller the time to read the alert: a close with unread data would reset the connection.
                    socket.socket.shutdown(client, socket.SHUT_WR)
                    while socket.socket.recv(client, 1 << 16):
                        pass
                    return
            connections.append(client)
            Handler(client, ("127.0.0.1", 0), None)
            if context:
                # Without close_notify a TLS 1.2 session could not be resumed.
                client.unwrap()
    except OSError:
        pass
    finally:
        client.close()


context = None
if "certificate" in settings:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings["certificate"], settings["key"])
    if settings.get("highest") == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if "client_ca" in settings:
        context.load_verify_locations(settings["client_ca"])
        context.verify_mode = ssl.CERT_REQUIRED


def accept():
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0), backlog=256)
threading.Thread(target=accept, daemon=True).start()
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
sys.stdin.read()
os._exit(0)
