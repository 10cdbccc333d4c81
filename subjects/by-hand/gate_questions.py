"""What was found of servers that ask a responder about client certificates, by hand: a CA and the answers from openssl, the responder and
the connections from Python's own library. Nothing of Authbed is needed.

Usage: gate_questions.py nginx|apache
"""
import base64
import http.server
import sys
import threading
import time
import urllib.parse

from authority import WORK, Gate, make_authority, openssl, read, revocation_list

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
        openssl("ocsp", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-reqin", "question", "-respout", "answer", "-ndays", "1")
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


make_authority()
for name in ("alice", "anna", "bob"):
    # Certificates of whose issuing the responder knows are good until they are revoked.
    openssl("ca", "-config", "ca.cnf", "-valid", f"{name}.pem")
listener = http.server.HTTPServer(("127.0.0.1", 0), Responder)
threading.Thread(target=listener.serve_forever, daemon=True).start()
responder = {"mode": "hard", "responder": f"http://127.0.0.1:{listener.server_port}/", "timeout_seconds": 2, "max_age_seconds": 0}
with Gate(NAME, "mtls-ocsp", ocsp=responder) as gate:
    alice, anna = gate.caller("alice"), gate.caller("anna")
    kept = alice.connect()
    print(f"{NAME}: alice on a connection that stays open: {read(kept)}")
    first = anna.connect()
    print(f"{NAME}: anna, whose session is kept: {read(first)}")
    session = first.sock.session if first.sock else None
    first.close()
    print(f"{NAME}: {Responder.asked} questions, {Responder.nonces} with a nonce")
    revocation_list("alice", "anna")
    print(f"{NAME}: both revoked; alice anew: {read(alice.connect)}")
    print(f"{NAME}: alice on the connection that stayed open: {read(kept) if kept.sock else 'it was closed'}")
    try:
        again = anna.connect(session)
        print(f"{NAME}: anna resumes her session (resumed: {again.sock.session_reused}): {read(again)}")
    except OSError as error:
        print(f"{NAME}: anna resumes her session: {error}")
    Responder.delay, start = 4, time.monotonic()
    print(f"{NAME}: a responder that takes four seconds, about a right certificate: {read(gate.caller('bob').connect)} after {time.monotonic() - start:.1f} s")
