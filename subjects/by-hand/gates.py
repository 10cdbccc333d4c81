"""What was found of servers that ask for client certificates, by hand: a CA from openssl, the server as its folder starts it, and a
connection from Python's own library. Nothing of Authbed is needed.

Usage: gates.py nginx|haproxy|apache
"""
import signal
import sys
import time

from authority import WORK, Gate, make_authority, read, revocation_list

NAME = sys.argv[1]
RELOAD = {"nginx": signal.SIGHUP, "haproxy": signal.SIGUSR2, "apache": signal.SIGUSR1}[NAME]

make_authority()
with Gate(NAME, "mtls-crl", crl=f"{WORK}/revoked.crl") as gate:
    print(f"{NAME}: a right certificate: {read(gate.caller('alice').connect)}")
    print(f"{NAME}: a certificate of version 1, without extensions: {read(gate.caller('version-1').connect)}")
    brief = gate.caller("brief")
    open_one = brief.connect()
    print(f"{NAME}: a certificate that ends in some seconds, on a connection that stays open: {read(open_one)}")
    for _ in range(9):
        time.sleep(1)
        last = read(open_one)
    print(f"{NAME}: its end is past; anew: {read(brief.connect)}; on the connection that stayed open: {last}")
    alice, anna = gate.caller("alice"), gate.caller("anna")
    kept = alice.connect()
    print(f"{NAME}: alice on a connection that stays open: {read(kept)}")
    first = anna.connect()
    print(f"{NAME}: anna, whose session is kept: {read(first)}")
    session = first.sock.session if first.sock else None
    first.close()
    revocation_list("alice", "anna")
    gate.process.send_signal(RELOAD)
    time.sleep(2)
    print(f"{NAME}: both revoked, and reloaded; alice anew: {read(alice.connect)}")
    print(f"{NAME}: alice on the connection that stayed open: {read(kept) if kept.sock else 'it was closed'}")
    try:
        again = anna.connect(session)
        print(f"{NAME}: anna resumes her session (resumed: {again.sock.session_reused}): {read(again)}")
    except OSError as error:
        print(f"{NAME}: anna resumes her session: {error}")
