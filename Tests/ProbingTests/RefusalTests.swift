import Foundation
import Probing
import Testing

@Suite("What a refusal in transport is, and what is none", .timeLimit(.minutes(2)))
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var identity: String?
        var alert: String
        var testDescription: String { "\(identity ?? "no certificate"): \(alert)" }
    }

    @Test(
        "The alert is told apart, although in TLS 1.3 it comes after the handshake",
        arguments: [
            Case(identity: nil, alert: "certificate_required"), Case(identity: "self-signed", alert: "unknown_ca"),
            Case(identity: "expired", alert: "certificate_expired"), Case(identity: "server-only-usage", alert: "unsupported_certificate"),
            Case(identity: "lookalike-ca", alert: "unknown_ca"),
        ])
    func alerts(refused: Case) async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            // The twin: the same call with another certificate is accepted.
            #expect(try await TestPKI.probe(as: "alice").send(peer.get(), over: .newConnection).status == 200)
            let probe = try TestPKI.probe(as: refused.identity)
            for channel in Channel.allCases {
                let answer = await probe.send(peer.get(), over: channel)
                #expect(answer.refusal?.face == "alert")
                #expect(answer.refusal?.alertName == refused.alert)
                #expect(answer.newConnection)
                #expect(answer.tlsVersion == "TLSv1.3")
            }
        }
    }

    @Test("In TLS 1.2 the alert comes in the handshake")
    func olderVersion() async throws {
        try await Peer.with(certificate: "server", asksForClients: true, highest: "1.2") { peer in
            let answer = try await TestPKI.probe().send(peer.get(), over: .newConnection)
            #expect(answer.refusal?.alertName == "handshake_failure")
            #expect(answer.refusal?.alert == 40)
        }
    }

    @Test("A connection closed or reset before any octet of HTTP is a refusal", arguments: [Peer.Mode.close, .reset])
    func ended(mode: Peer.Mode) async throws {
        try await Peer.with(mode: mode) { peer in
            let answer = await Probe(ca: nil, identity: nil).send(peer.get(), over: .newConnection)
            #expect(answer.refusal?.face == (mode == .close ? "closed" : "reset"))
            #expect(answer.refusal?.alert == nil)
        }
    }

    @Test("Silence, a missing listener and half an answer are no refusals")
    func dropped() async throws {
        let probe = Probe(ca: nil, identity: nil)
        let gone = try await Peer.with(mode: .silent) { peer in
            #expect(await probe.send(peer.get(timeout: 0.2), over: .newConnection).dropped != nil)
            return peer
        }
        #expect(await probe.send(gone.get(), over: .newConnection).dropped != nil)
        try await Peer.with { peer in
            let answer = await probe.send(peer.get("/broken"), over: .newConnection)
            #expect(answer.dropped?.hasPrefix("HTTP 200 broke off after 4 octets") == true)
        }
    }

    @Test(
        "A server that does not prove its name to the probe has not refused it",
        arguments: ["server-wrong-name", "server-lookalike-ca", "server-expired"])
    func unverifiedServer(certificate: String) async throws {
        try await Peer.with(certificate: certificate) { peer in
            let probe = try TestPKI.probe()
            for channel in Channel.allCases { #expect(await probe.send(peer.get(), over: channel).dropped != nil) }
        }
    }

    @Test("A server that does not speak TLS has not refused the probe")
    func plaintextServer() async throws {
        try await Peer.with { peer in
            let request = ProbeRequest(method: "GET", url: "https://127.0.0.1:\(peer.port)/", headers: [], body: [], timeout: 5)
            let answer = try await TestPKI.probe().send(request, over: .newConnection)
            #expect(answer.status == nil)
            #expect(answer.refusal?.alert == nil)
        }
    }
}
