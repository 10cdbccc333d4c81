import Auth
import Testing

@Suite("The layered policy")
struct LayeredPolicyTests {
    private let policy = LayeredPolicy(required: [.certificate, .token], authority: .token)
    private let certificate = Principal(
        name: "alice", scopes: ["mcp:write"], credential: .certificate(serial: "01", thumbprint: "t"))
    private let token = Principal(name: "alice", scopes: ["mcp:read"], credential: .token(issuer: "i", jti: "j"))

    @Test("All layers accept: the authority's scopes count, and the certificate does not widen them")
    func granted() {
        let decision = policy.decide([.certificate: .accepted(certificate), .token: .accepted(token)])
        #expect(decision == .granted(token, layers: [.certificate: certificate, .token: token]))
    }

    @Test("A layer that says nothing counts as missing, whatever the other says", arguments: [Layer.certificate, .token])
    func missing(layer: Layer) {
        var verdicts: [Layer: Verdict] = [.certificate: .accepted(certificate), .token: .accepted(token)]
        verdicts[layer] = nil
        guard case .denied(let refusal, let by, _) = policy.decide(verdicts) else {
            Issue.record("granted")
            return
        }
        #expect(refusal.reason == .missing)
        #expect(by == layer)
    }

    @Test("One refusal is enough, and it is the first in the policy's order that is told")
    func refused() {
        let decision = policy.decide([.certificate: .refused(Refusal(.revoked)), .token: .refused(Refusal(.expired))])
        #expect(decision == .denied(Refusal(.revoked), by: .certificate, others: [:]))
        let second = policy.decide([.certificate: .accepted(certificate), .token: .refused(Refusal(.expired))])
        #expect(second == .denied(Refusal(.expired), by: .token, others: [.certificate: certificate]))
    }

    @Test("Layers of two tenants let nobody in; one that names none takes the other's")
    func tenants() {
        let (north, south) = (token.of("north"), certificate.of("south"))
        guard case .denied(let refusal, _, _) = policy.decide([.certificate: .accepted(south), .token: .accepted(north)]) else {
            Issue.record("granted")
            return
        }
        #expect(refusal.reason == .tenant)
        let decision = policy.decide([.certificate: .accepted(south), .token: .accepted(token)])
        #expect(decision == .granted(token.of("south"), layers: [.certificate: south, .token: token]))
    }

    @Test("A layer that is not required cannot spoil or help")
    func unrelated() {
        let verdicts: [Layer: Verdict] = [
            .certificate: .accepted(certificate), .token: .accepted(token), .apiKey: .refused(Refusal(.malformed)),
        ]
        guard case .granted = policy.decide(verdicts) else {
            Issue.record("denied")
            return
        }
    }
}

extension Principal {
    fileprivate func of(_ tenant: String) -> Principal {
        var principal = self
        principal.tenant = tenant
        return principal
    }
}
