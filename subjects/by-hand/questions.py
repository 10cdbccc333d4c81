"""What was found of servers that ask a responder about client certificates, by hand: an authority and the answers from openssl, the responder
and the connections from Python's own library. Nothing of Authbed is needed.

Usage: questions.py NAME        NAME: nginx or apache
"""
import base64
import http.server
import sys
import threading
import time
import urllib.parse

from authority import Authority, Caller, send, server_side
from common import WORK, Subject, openssl, show

NAME = sys.argv[1]


class Responder(http.server.BaseHTTPRequestHandler):
    delay, asked, nonces = 0, 0, 0

    def do_GET(self) -> None:
        self.answer(base64.b64decode(urllib.parse.unquote(self.path[1:])))

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, question: bytes) -> None:
        with open(f"{WORK}/question", "wb") as file:
            file.write(question)
        Responder.asked += 1
        # The identifier of the nonce extension (RFC 9654), in DER.
        Responder.nonces += bytes.fromhex("06092b0601050507300102") in question
        openssl("ocsp", "-index", "ca.index", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-reqin", "question", "-respout", "answer", "-ndays", "1")
        time.sleep(Responder.delay)
        with open(f"{WORK}/answer", "rb") as file:
            answer = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/ocsp-response")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        pass



def read(connect) -> str:
    return send(connect, "GET", "/read", None)


ROOT_CA = Authority("ca")
for name in ("alice", "anna", "bob"):
    ROOT_CA.knows(ROOT_CA.caller(name, "URI:urn:by-hand:alice"))
listener = http.server.HTTPServer(("127.0.0.1", 0), Responder)
threading.Thread(target=listener.serve_forever, daemon=True).start()
responder = {"mode": "hard", "responder": f"http://127.0.0.1:{listener.server_port}/", "timeout_seconds": 2, "max_age_seconds": 0}
with Subject(NAME, {"scheme": "mtls-ocsp", "tls": server_side(ROOT_CA) | {"ocsp": responder}}) as server:
    alice, anna, bob = (Caller(name, server.port) for name in ("alice", "anna", "bob"))
    kept, first = alice.connect(), anna.connect()
    show(NAME, "", "alice on a connection that stays open, and anna, whose session is kept", f"{read(kept)}, {read(first)}")
    session = first.sock.session if first.sock else None
    first.close()
    before = Responder.asked
    show(NAME, "", "bob, on three new connections", ", ".join(read(bob.connect) for _ in range(3)))
    show(NAME, "ocsp.remembers-answers", "what the responder was asked for them (RFC 5019 section 6.1: answers are kept)", f"{Responder.asked - before} questions")
    show(NAME, "ocsp.nonce, ocsp.no-nonce", f"questions with a nonce among {Responder.asked} (RFC 9654)", f"{Responder.nonces}")
    ROOT_CA.revocations("alice", "anna")
    show(NAME, "", "both revoked; alice anew", read(alice.connect))
    show(NAME, "revocation.reaches-open-connections", "alice on the connection that stayed open", read(kept) if kept.sock else "closed")
    show(NAME, "revocation.reaches-resumed-sessions", "anna resumes her session", read(lambda: anna.connect(session)))
    Responder.delay, start = 4, time.monotonic()
    came = read(bob.connect)
    show(NAME, "ocsp.slow", "a responder that takes four seconds, about a right certificate", f"{came} after {time.monotonic() - start:.1f} s")
