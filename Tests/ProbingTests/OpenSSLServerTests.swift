import Forging
import Probing
import Testing

/// A peer that every operator has at hand, with its own word on whether a session was resumed.
@Suite("A probe against openssl s_server", .timeLimit(.minutes(2)))
struct OpenSSLServerTests {
    @Test("A certificate that it trusts is accepted, none is refused with certificate_required")
    func certificate() async throws {
        try await OpenSSLServer.with { server in
            let accepted = try await TestPKI.probe(as: "alice").send(server.get, over: .newConnection)
            #expect(accepted.text?.contains("New, TLSv1.3") == true, "\(accepted.outcome)")
            #expect(accepted.tlsVersion == "TLSv1.3")
            let refused = try await TestPKI.probe().send(server.get, over: .newConnection)
            #expect(refused.refusal == TransportRefusal(alert: 116, alertName: "certificate_required", face: "alert"))
        }
    }

    @Test(
        "A wrong certificate is refused with the alert for what is wrong",
        arguments: [
            ("expired", "certificate_expired"), ("not-yet-valid", "bad_certificate"), ("self-signed", "unknown_ca"),
            ("lookalike-ca", "unknown_ca"), ("server-only-usage", "unsupported_certificate"),
        ])
    func alerts(identity: String, alert: String) async throws {
        try await OpenSSLServer.with { server in
            let answer = try await TestPKI.probe(as: identity).send(server.get, over: .newConnection)
            #expect(answer.refusal?.alertName == alert, "\(answer.outcome)")
        }
    }

    @Test("Early data is seen to be taken where it is, and not to be where it is not", arguments: [true, false])
    func earlyData(isTaken: Bool) async throws {
        // Without -www it prints what it gets and never answers, so that each of three waits for an answer lasts to its end.
        try await OpenSSLServer.with(isTaken ? ["-early_data", "-no_anti_replay"] : [], answers: !isTaken) { server in
            let alice = try TestPKI.shared().path(of: "alice")
            let answers = await EarlyData.send(
                server.get, times: 2, to: server.port, ca: try TestPKI.shared().ca,
                identity: ClientIdentity(certificate: alice.certificate, key: alice.key), timeout: isTaken ? 6 : 20)
            #expect(answers.count == 2)
            for answer in answers {
                #expect(answer.resumed)
                #expect(answer.outcome.face == (isTaken ? "early data was taken, and no answer came" : "early data not taken"))
            }
        }
    }

    @Test("A session is resumed in the server's eyes when it is in the probe's", arguments: ["-tls1_2", "-tls1_3"])
    func resumed(version: String) async throws {
        try await OpenSSLServer.with([version]) { server in
            let probe = try TestPKI.probe(as: "alice")
            for (channel, word) in [(Channel.resumedSession, "New"), (.resumedSession, "Reused"), (.newConnection, "New")] {
                let answer = await probe.send(server.get, over: channel)
                #expect(answer.text?.contains("\(word), TLSv1") == true, "\(answer.outcome)")
                #expect(answer.resumed == (word == "Reused"))
                #expect(answer.newConnection)
            }
        }
    }
}
