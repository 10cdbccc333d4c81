import Foundation
import Probing
import Testing

/// The same peer as an operator has at hand, with its own word on whether a session was resumed.
@Suite("A probe against openssl s_server", .timeLimit(.minutes(2)))
struct OpenSSLServerTests {
    private func get(_ server: OpenSSLServer) -> ProbeRequest {
        ProbeRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/", headers: [], body: [], timeout: 20)
    }

    @Test("A certificate that it trusts is accepted, none is refused with certificate_required")
    func certificate() async throws {
        let server = try OpenSSLServer()
        let accepted = try await TestPKI.probe(as: "alice").send(get(server), over: .newConnection)
        #expect(accepted.text?.contains("New, TLSv1.3") == true, "\(accepted.outcome)")
        #expect(accepted.tlsVersion == "TLSv1.3")
        let refused = try await TestPKI.probe().send(get(server), over: .newConnection)
        #expect(refused.refusal == TransportRefusal(alert: 116, alertName: "certificate_required", face: "alert"))
    }

    @Test(
        "A wrong certificate is refused with the alert for what is wrong",
        arguments: [
            ("expired", "certificate_expired"), ("not-yet-valid", "bad_certificate"), ("self-signed", "unknown_ca"),
            ("lookalike-ca", "unknown_ca"), ("server-only-usage", "unsupported_certificate"),
        ])
    func alerts(identity: String, alert: String) async throws {
        let server = try OpenSSLServer()
        let answer = try await TestPKI.probe(as: identity).send(get(server), over: .newConnection)
        #expect(answer.refusal?.alertName == alert, "\(answer.outcome)")
    }

    @Test("A session is resumed in the server's eyes when it is in the probe's", arguments: ["-tls1_2", "-tls1_3"])
    func resumed(version: String) async throws {
        let server = try OpenSSLServer([version])
        let probe = try TestPKI.probe(as: "alice")
        for (channel, word) in [(Channel.resumedSession, "New"), (.resumedSession, "Reused"), (.newConnection, "New")] {
            let answer = await probe.send(get(server), over: channel)
            #expect(answer.text?.contains("\(word), TLSv1") == true, "\(answer.outcome)")
            #expect(answer.resumed == (word == "Reused"))
            #expect(answer.newConnection)
        }
    }
}
