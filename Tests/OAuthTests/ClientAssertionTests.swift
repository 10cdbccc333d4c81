import Auth
import Foundation
import OAuth
import Testing

@Suite("Client assertions and proof keys")
struct ClientAssertionTests {
    static let issuer = "https://issuer.example"

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let reason: Reason
        let bend: @Sendable (inout Draft) -> Void
        var testDescription: String { what }
    }

    static func draft() -> Draft {
        var draft = Draft()
        draft.header("typ", #""JWT""#)
        draft.claims = [
            ("iss", #""c1""#), ("sub", #""c1""#), ("aud", "\"\(issuer)\""), ("exp", "1800000060"), ("iat", "1800000000"), ("jti", #""a1""#),
        ]
        return draft
    }

    static let cases = [
        Case(what: "another audience", reason: .audience) { $0.claim("aud", #""https://other.example""#) },
        Case(what: "two audiences", reason: .audience) { $0.claim("aud", #"["https://issuer.example","https://other.example"]"#) },
        Case(what: "no audience", reason: .claims) { $0.claim("aud", nil) },
        Case(what: "expired", reason: .expired) { $0.claim("exp", "1800000000") },
        Case(what: "no exp", reason: .claims) { $0.claim("exp", nil) },
        Case(what: "good for a year", reason: .claims) { $0.claim("exp", "1831536000") },
        Case(what: "of another issuer", reason: .claims) { $0.claim("iss", #""c2""#) },
        Case(what: "for another subject", reason: .claims) { $0.claim("sub", #""c2""#) },
        Case(what: "no jti", reason: .claims) { $0.claim("jti", nil) },
        Case(what: "another client's key", reason: .signature) { $0.key = TestKeys.attacker },
        Case(what: "alg none", reason: .algorithm) { $0.header("alg", #""none""#) },
        Case(what: "a MAC", reason: .algorithm) { $0.header("alg", #""HS256""#) },
        Case(what: "an access token", reason: .type) { $0.header("typ", #""at+jwt""#) },
        Case(what: "of the future", reason: .notYetValid) { $0.claim("nbf", "1800000100") },
    ]

    func objection(_ draft: Draft, memory: ProofMemory = ProofMemory()) async throws -> Refusal? {
        let keys = await PublishedKeys(jwks: TestKeys.jwks(TestKeys.jwk(TestKeys.es256)))
        let key = try #require(keys?["k1"])
        var evidence = ClientAssertionEvidence(assertion: try draft.text(), clientID: "c1", keys: [key])
        return await ClientAssertionChecks.all(audiences: [Self.issuer], memory: memory).objection(to: &evidence, at: Draft.now)?.refusal
    }

    @Test("One thing wrong is refused", arguments: cases)
    func refused(bent: Case) async throws {
        var draft = Self.draft()
        #expect(try await objection(draft) == nil)
        bent.bend(&draft)
        #expect(try await objection(draft)?.reason == bent.reason)
    }

    @Test("An assertion is good once")
    func once() async throws {
        let memory = ProofMemory()
        #expect(try await objection(Self.draft(), memory: memory) == nil)
        #expect(try await objection(Self.draft(), memory: memory)?.reason == .replayed)
    }

    @Test("Where no more can be remembered, an assertion is refused, and its refusal says which")
    func full() async throws {
        let memory = ProofMemory(capacity: 1)
        #expect(memory.remember("other", of: ProofHolder("c1"), until: Draft.now + 60, at: Draft.now) == .fresh)
        #expect(try await objection(Self.draft(), memory: memory)?.reason == .throttled)
    }

    @Test("An assertion of our own making passes")
    func own() async throws {
        let key = try await SigningKey(generating: .es256)
        let text = try ClientAssertion.make(clientID: "c1", audience: Self.issuer, key: key, at: Draft.now)
        #expect(ClientAssertionEvidence.claimedClient(text) == "c1")
        var evidence = ClientAssertionEvidence(assertion: text, clientID: "c1", keys: [try await VerificationKey(key.publicJWK)])
        let checks = ClientAssertionChecks.all(audiences: [Self.issuer], memory: ProofMemory())
        #expect(await checks.objection(to: &evidence, at: Draft.now) == nil)
    }

    @Test("A proof key's challenge is that of RFC 7636 appendix B, and only its verifier fits")
    func proofKey() {
        let verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        #expect(ProofKey.challenge(of: verifier) == challenge)
        #expect(ProofKey.matches(verifier: verifier, challenge: challenge))
        #expect(!ProofKey.matches(verifier: ProofKey.verifier(), challenge: challenge))
        #expect(!ProofKey.matches(verifier: Secret(challenge), challenge: challenge))
        #expect(!ProofKey.isVerifier(String(repeating: "a", count: 42)))
        #expect(!ProofKey.isVerifier(String(repeating: "a", count: 129)))
        #expect(ProofKey.isVerifier(String(repeating: "a", count: 128)))
        #expect(!ProofKey.isChallenge("short"))
        #expect(ProofKey.isVerifier(ProofKey.verifier().reveal()))
    }
}
