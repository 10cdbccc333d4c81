"""What was found of servers that ask for client certificates, by hand: authorities and lists from openssl, the server as its folder starts it,
and connections from Python's own library. Nothing of Authbed is needed.

Usage: certificates.py NAME        NAME: nginx, haproxy, apache, envoy or article-node
"""
import os
import signal
import socket
import sys
import time

from authority import Authority, Caller, send, server_side
from common import Subject, show, write

NAME = sys.argv[1]
METHOD, PATH, BODY = ("POST", "/mcp/tools/read", "{}") if NAME == "article-node" else ("GET", "/read", None)
# How each is told to read its files again; Envoy watches them.
RELOAD = {"nginx": signal.SIGHUP, "haproxy": signal.SIGUSR2, "apache": signal.SIGUSR1}.get(NAME)
ALICE = "URI:urn:by-hand:alice"
ROOT_CA = Authority("ca")
TLS = server_side(ROOT_CA)
CLIENTS = [{"principal": "alice", "uri": "urn:by-hand:alice", "scopes": ["mcp:read"]}]


def gate(scheme: str, **more) -> Subject:
    return Subject(NAME, {"scheme": scheme, "clients": CLIENTS, "handshake_seconds": 3, "tls": TLS | more})


def read(connect) -> str:
    return send(connect, METHOD, PATH, BODY)


def anew(server: Subject, certificate: str) -> str:
    return read(Caller(certificate, server.port).connect)


def chain(length: int) -> Authority:
    above = ROOT_CA
    for number in range(length):
        above = Authority(f"authority-{length}-{number}", above)
    return above


def whoever_calls() -> None:
    """One certificate after another."""
    with gate("mtls", max_chain=4) as server:
        def row(checks: str, what: str, certificate: str) -> None:
            show(NAME, checks, what, anew(server, certificate))

        row("", "a right certificate", ROOT_CA.caller("right", ALICE))
        row("", "of an authority in between", chain(1).caller("by-one", ALICE))
        row("certificate.v1, stranger.purpose", "of version 1, without extensions (RFC 5280 sections 4.1.2.1, 4.2.1.12)", ROOT_CA.sign("version-1", "/CN=alice", ""))
        row("chain.length, trust.chain-too-long", "behind six authorities, where four certificates may be a chain", chain(6).caller("by-six", ALICE))
        row("chain.weak", "an RSA key of 1024 bits (NIST SP 800-131A: 2048)", ROOT_CA.caller("short", ALICE, key=("-newkey", "rsa:1024")))
        row("limbo.profile", "its serial number is zero (RFC 5280 section 4.1.2.2: positive)", ROOT_CA.caller("zero", ALICE, serial="0"))
        row("name.one-uri", "two URIs, one of them on the list", ROOT_CA.caller("two-names", f"{ALICE},URI:urn:by-hand:mallory"))
        if NAME == "article-node":
            row("certificate.cn-only", "the name in the common name alone (RFC 9525 section 6.4.4)", ROOT_CA.caller("common"))
            row("certificate.san-against-cn", "another name in the alternative name, and this one in the common name", ROOT_CA.caller("against", "URI:urn:by-hand:mallory"))
            row("name.kind", "the URI in the place of a host's name", ROOT_CA.caller("kind", "DNS:alice.example"))
            row("name.uri-exact", "the URI in capitals (RFC 3986 section 6.2.1)", ROOT_CA.caller("capitals", "URI:urn:by-hand:ALICE"))
            masked = write("mask.cnf", "[req]\ndistinguished_name=none\nstring_mask=MASK:2048\n[none]\n")
            row("name.encoding", "the common name as BMPString (RFC 5280 section 4.1.2.4)", ROOT_CA.caller("bmp", request=("-config", masked)))
            row("chain.right, limbo.constraints, limbo.issuers, limbo.names, limbo.path, limbo.profile, limbo.usage, moment.inside, stranger.purpose, trust.chain-fits, trust.chain-too-long",
                "the name in the alternative name, and another common name", ROOT_CA.caller("named", ALICE, common="somebody"))
            show(NAME, "scope.read-cannot-write", "who may read asks to write", send(Caller("right", server.port).connect, METHOD, "/mcp/tools/write", BODY))
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as silent:
                try:
                    ended = "closed" if not silent.recv(1) else "an answer"
                except TimeoutError:
                    ended = "still open"
            show(NAME, "handshake.slow", "a connection on which nobody says anything, after ten seconds", ended)


def whoever_signs() -> None:
    """Other authorities in the place of the first."""
    bare = Authority("bare", extensions="keyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash")
    bare.caller("under-bare", ALICE)
    try:
        with gate("mtls", client_ca=bare.path) as server:
            show(NAME, "limbo.issuers", "under a root without basicConstraints (RFC 5280 section 4.2.1.9)", anew(server, "under-bare"))
    except RuntimeError:
        show(NAME, "limbo.issuers", "a root without basicConstraints (RFC 5280 section 4.2.1.9)", "it did not start")
    other = Authority("other")
    both = write("both.pem", open(ROOT_CA.path).read() + open(other.path).read())
    with gate("mtls", client_ca=both) as server:
        show(NAME, "trust.other-tenant, limbo.names-wrong", "the right name by a second authority, which is trusted for others", anew(server, other.caller("others-alice", ALICE)))
        kept = Caller("right", server.port).connect()
        show(NAME, "", "on a connection that stays open", read(kept))
        if NAME == "envoy":
            os.replace(write("one.pem", open(other.path).read()), both)
            time.sleep(2)
            show(NAME, "", "its authority is trusted no more; anew", anew(server, "right"))
            show(NAME, "rotation.removed-authority-reaches-open-connections", "on the connection that stayed open", read(kept) if kept.sock else "closed")


def time_and_lists() -> None:
    """What ends while a connection is open, and who is on a list."""
    for name in ("alice", "anna"):
        ROOT_CA.caller(name, ALICE)
    ROOT_CA.revocations()
    has_lists = NAME != "article-node"
    with gate("mtls-crl", crl=ROOT_CA.revocations()) if has_lists else gate("mtls") as server:
        brief = Caller(ROOT_CA.brief("brief", ALICE, 6), server.port)
        open_one = brief.connect()
        show(NAME, "", "a certificate that ends in some seconds, on a connection that stays open", read(open_one))
        earlier = brief.connect()
        read(earlier)
        session = earlier.sock.session if earlier.sock else None
        for _ in range(7):
            time.sleep(1)
            last = read(open_one) if open_one.sock else "closed"
        show(NAME, "", "its end is past; anew", read(brief.connect))
        show(NAME, "expiry.reaches-open-connections, revocation.reaches-open-connections", "on the connection that stayed open", last)
        show(NAME, "expiry.reaches-resumed-sessions", "by resuming a session of before", read(lambda: brief.connect(session)))
        if not has_lists:
            return
        alice, anna = Caller("alice", server.port), Caller("anna", server.port)
        kept, newer, first = alice.connect(), Caller("alice", server.port, newest=True).connect(), anna.connect()
        show(NAME, "", "alice on a connection that stays open, in TLS 1.2 and 1.3, and anna, whose session is kept", f"{read(kept)}, {read(newer)}, {read(first)}")
        session = first.sock.session if first.sock else None
        first.close()
        ROOT_CA.revocations("alice", "anna")
        if RELOAD:
            server.process.send_signal(RELOAD)
        time.sleep(2)
        show(NAME, "", "both revoked, and the list reloaded; alice anew", read(alice.connect))
        show(NAME, "revocation.reaches-open-connections", "alice on the connection that stayed open, in TLS 1.3", read(newer) if newer.sock else "closed")
        show(NAME, "revocation.reaches-open-connections-over-tls12", "the same in TLS 1.2", read(kept) if kept.sock else "closed")
        show(NAME, "revocation.reaches-resumed-sessions", "anna resumes her session", read(lambda: anna.connect(session)))
    ROOT_CA.caller("lost", ALICE)
    with gate("mtls-crl", crl=ROOT_CA.revocations(numbered=False)) as server:
        show(NAME, "limbo.lists-wrong", "the list has no number (RFC 5280 section 5.2.3: MUST)", anew(server, "lost"))


whoever_calls()
whoever_signs()
time_and_lists()
