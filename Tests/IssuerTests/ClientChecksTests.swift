import Auth
import Foundation
import Issuer
import Store
import Testing

@Suite("Client authentication")
struct ClientChecksTests {
    private let old = Secret("old-secret")
    private let new = Secret("new-secret")

    private func evidence(
        _ secret: Secret<String>?, bend: (inout ClientRegistration) -> Void = { _ in }, known: Bool = true
    ) -> ClientEvidence {
        var registration = ClientRegistration(
            client: ClientRecord(id: "alice", scopes: ["mcp:read"], mayIntrospect: true, createdAt: start),
            secrets: [
                ClientSecretRecord(id: 1, hash: ClientSecret.hash(old), createdAt: start, validUntil: later(10)),
                ClientSecretRecord(id: 2, hash: ClientSecret.hash(new), createdAt: start),
            ])
        bend(&registration)
        return ClientEvidence(
            credentials: secret.map { ClientCredentials(id: "alice", secret: $0, method: .basic) },
            registration: known ? registration : nil)
    }

    private func outcome(_ evidence: ClientEvidence, at now: Date = start, _ verifier: Verifier<ClientEvidence> = ClientChecks.all()) async
        -> String
    {
        switch await verifier.verify(evidence, at: now) {
        case .passed(let evidence): "passed with \(evidence.matched?.id ?? 0)"
        case .refused(let refusal, let check): "\(check): \(refusal.reason.rawValue)"
        }
    }

    @Test("Both secrets are good while they overlap, and then only the newer")
    func overlap() async {
        #expect(await outcome(evidence(old), at: later(9)) == "passed with 1")
        #expect(await outcome(evidence(new), at: later(9)) == "passed with 2")
        #expect(await outcome(evidence(old), at: later(10)) == "current: expired")
        #expect(await outcome(evidence(new), at: later(10)) == "passed with 2")
    }

    @Test("A retired secret is refused during its overlap")
    func retired() async {
        #expect(await outcome(evidence(old) { $0.secrets[0].retiredAt = start }) == "current: revoked")
        #expect(await outcome(evidence(new) { $0.secrets[0].retiredAt = start }) == "passed with 2")
    }

    @Test("A wrong secret and an unknown client are refused alike")
    func wrong() async {
        #expect(await outcome(evidence(Secret("wrong"))) == "secret: unknown")
        #expect(await outcome(evidence(new, known: false)) == "secret: unknown")
        #expect(await outcome(evidence(nil)) == "presented: missing")
    }

    @Test("The hash of a secret is not a secret")
    func hash() async {
        let hash = ClientSecret.hash(new).map { String($0, radix: 16) }.joined()
        #expect(await outcome(evidence(Secret(hash))) == "secret: unknown")
    }

    @Test("A disabled client is refused with its right secret")
    func disabled() async {
        #expect(await outcome(evidence(new) { $0.client.disabledAt = start }) == "enabled: revoked")
    }

    @Test("Only a client that is marked for it may introspect")
    func introspectors() async {
        #expect(await outcome(evidence(new), ClientChecks.introspectors()) == "passed with 2")
        #expect(await outcome(evidence(new) { $0.client.mayIntrospect = false }, ClientChecks.introspectors()) == "may-introspect: scope")
    }

    @Test("Generated secrets have 256 bits and differ")
    func generated() {
        let secrets = Set((0..<100).map { _ in ClientSecret.generate().reveal() })
        #expect(secrets.count == 100)
        #expect(secrets.allSatisfy { $0.utf8.count == 43 })
    }
}
