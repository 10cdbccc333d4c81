"""What was found of reloading, by hand: signals that follow each other closely, and who answers in the moments after one. Authorities from
openssl, connections from Python's own library. Nothing of Authbed is needed.

Usage: reloads.py NAME        NAME: nginx or haproxy
"""
import itertools
import os
import signal
import sys
import time

from authority import Authority, Caller, send, server_side
from common import Subject, show, write

NAME = sys.argv[1]
FIRST, SECOND = Authority("first"), Authority("second")
TLS = server_side(FIRST)


def haproxy() -> None:
    """How many signals are taken up."""
    sent = taken = 0
    for _ in range(10):
        with Subject(NAME, {"scheme": "mtls", "tls": TLS}) as server:
            for _ in range(4):
                server.process.send_signal(signal.SIGUSR2)
                time.sleep(0.12)
            time.sleep(1)
        with open(server.log) as file:
            sent, taken = sent + 4, taken + file.read().count("Reloading HAProxy")
    kinds = ("takes-effect", "stays-revoked", "reaches-open-connections", "reaches-resumed-sessions", "reaches-replicas", "reaches-open-connections-over-tls12", "reaches-resumed-sessions-over-tls12",
             "reaches-replicas-over-tls12")
    show(NAME, ", ".join(f"revocation.{kind}" for kind in kinds), f"{sent} signals to reload, 0.12 s apart in fours", f"{taken} were taken up")


def nginx() -> None:
    """Who answers after a signal: a list with alice on it, and a second authority, which carol has her certificate from."""
    FIRST.caller("alice", "URI:urn:by-hand:alice")
    SECOND.caller("carol", "URI:urn:by-hand:alice")
    both = write("both.pem", open(FIRST.path).read() + open(SECOND.path).read())
    trusted = write("trusts.pem", open(FIRST.path).read())
    with Subject(NAME, {"scheme": "mtls", "tls": TLS | {"client_ca": trusted}}) as server:
        carol = Caller("carol", server.port)
        show(NAME, "", "carol, whose authority is not trusted", send(carol.connect, "GET", "/read", None))
        os.replace(both, trusted)
        server.process.send_signal(signal.SIGHUP)
        end, came = time.monotonic() + 1.5, []
        while time.monotonic() < end:
            came.append(send(carol.connect, "GET", "/read", None))
        kinds = ("rotation.new-authority-is-trusted", "rotation.authority-spares-newcomers", "rotation.authority-spares-open-connections", "rotation.new-server-certificate-is-shown",
                 "revocation.stays-revoked", "revocation.reaches-resumed-sessions", "revocation.reaches-resumed-sessions-over-tls12")
        runs = ", ".join(f"{len(list(same))} times {what}" for what, same in itertools.groupby(came))
        show(NAME, ", ".join(kinds), "her authority is trusted, and reloaded; her calls from then on, in their order", runs)


{"nginx": nginx, "haproxy": haproxy}[NAME]()
