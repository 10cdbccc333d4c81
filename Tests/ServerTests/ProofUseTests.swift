import Auth
import Foundation
import HTTPTypes
import OAuth
import Server
import Testing

@Suite("Proofs that are good once")
struct ProofUseTests {
    private static let url = "http://127.0.0.1:1/mcp"
    private let key = DPoPKey()
    private let parts: ServerParts
    private let now = Date()

    /// A server that remembers two proofs, and takes the one token that is called good.
    init() throws {
        var parts = try ScopeTests.parts()
        parts.policy = ServerScheme.oauthJWT.policy
        parts.proofs = DPoPChecks.all(memory: ProofMemory(capacity: 2))
        parts.tokens = Verifier([
            Check("good") { evidence, _ in
                guard evidence.token.reveal() == "good" else { return Refusal(.signature) }
                evidence.issuer = TrustedIssuer("https://issuer.example")
                evidence.claims = ["sub": .string("alice")]
                return nil
            }
        ])
        self.parts = parts
    }

    private func proof(for token: String) throws -> String {
        try key.proof(method: "POST", url: Self.url, accessToken: Secret(token), nonce: nil, at: now)
    }

    private func reason(of token: String, _ proof: String) async throws -> Reason? {
        let headers: HTTPFields = [.authorization: "DPoP \(token)", try #require(HTTPField.Name("DPoP")): proof]
        let request = await parts.withProof(ServerRequest(id: "1", headers: headers), at: now)
        guard case .denied(let refusal, _, _) = await parts.admit(request, by: parts.policy, at: now).decision else { return nil }
        return refusal.reason
    }

    @Test("A proof with a good token is used up by it")
    func once() async throws {
        let proof = try proof(for: "good")
        #expect(try await reason(of: "good", proof) == nil)
        #expect(try await reason(of: "good", proof) == .replayed)
        #expect(try await reason(of: "good", try self.proof(for: "good")) == nil)
    }

    @Test("Whoever has no token cannot fill the memory of used proofs, and turn others away with that")
    func flood() async throws {
        for _ in 0..<3 { #expect(try await reason(of: "bad", try proof(for: "bad")) == .signature) }
        #expect(try await reason(of: "good", try proof(for: "good")) == nil)
    }
}
