import Auth
import Crypto
import Foundation
import OAuth
import Testing

@Suite("The checks on self-contained tokens")
struct TokenChecksTests {
    private let verifier = Verifier.standard()

    @Test("They are asked in this order")
    func order() {
        #expect(
            verifier.checks.map(\.name) == [
                "form", "type-and-algorithm", "key", "signature", "issuer", "audience", "times", "required-claims", "binding",
            ])
    }

    @Test("A good token names its subject, its scopes and itself")
    func accepted() async throws {
        let verdict = await verifier.verdict(on: AccessTokenEvidence(token: try Draft().text()), at: Draft.now)
        #expect(
            verdict
                == .accepted(
                    Principal(
                        name: "alice", scopes: ["mcp:read", "mcp:write"], credential: .token(issuer: Draft.issuer, jti: "t1"))))
    }

    @Test("A token with one thing wrong is refused for that thing; without it, it is accepted", arguments: HostileTokens.all)
    func refused(bent: Bent) async throws {
        var draft = Draft()
        #expect(await verifier.objection(try draft.text()) == nil)
        bent.bend(&draft)
        let objection = await verifier.objection(try draft.text())
        #expect(objection?.refusal.reason == bent.reason)
        #expect(objection?.check == bent.check)
    }

    @Test("A token that differs only in what is free is accepted", arguments: HostileTokens.harmless)
    func harmless(bend: Bent) async throws {
        var draft = Draft()
        bend.bend(&draft)
        #expect(await verifier.objection(try draft.text()) == nil)
    }

    @Test("The end is the first instant of refusal, the start the first of acceptance, and leeway moves both")
    func edges() async throws {
        var draft = Draft()
        draft.claim("nbf", "1800000000")
        let token = try draft.text()
        for (leeway, moment, reason) in [
            (0.0, 1_800_000_000.0, nil), (0, 1_799_999_999.999, Reason.notYetValid), (0, 1_800_000_099.999, nil),
            (0, 1_800_000_100, .expired), (30, 1_799_999_970, nil), (30, 1_799_999_969.999, .notYetValid), (30, 1_800_000_129.999, nil),
            (30, 1_800_000_130, .expired),
        ] {
            let objection = await Verifier.standard(leeway: leeway).objection(token, at: Date(timeIntervalSince1970: moment))
            #expect(objection?.refusal.reason == reason, "leeway \(leeway) at \(moment)")
        }
    }

    @Test("A key counts for its own issuer only, even under a name that both use")
    func pooling() async throws {
        let other = "https://other.example"
        let keys = FixedKeys(documents: [
            Draft.issuer: TestKeys.jwks(TestKeys.jwk(TestKeys.es256)),
            other: TestKeys.jwks(TestKeys.jwk(TestKeys.second), TestKeys.jwk(TestKeys.second, kid: "k2")),
        ])
        let verifier = Verifier.standard(keys: keys, issuers: [Draft.issuer, other])
        var draft = Draft()
        #expect(await verifier.objection(try draft.text()) == nil)
        draft.key = TestKeys.second
        #expect(await verifier.objection(try draft.text())?.refusal.reason == .signature)
        draft.header("kid", #""k2""#)
        #expect(await verifier.objection(try draft.text())?.refusal.reason == .key)
        draft.claim("iss", "\"\(other)\"")
        #expect(await verifier.objection(try draft.text()) == nil)
    }

    @Test("An issuer's allow-list of algorithms holds, whatever keys it publishes")
    func issuerAlgorithms() async throws {
        let issuers = [TrustedIssuer(Draft.issuer, algorithms: [.rs256])]
        let verifier = TokenChecks.jwt(issuers: issuers, audience: Draft.audience, leeway: 0, keys: FixedKeys())
        #expect(await verifier.objection(try Draft().text())?.refusal.reason == .algorithm)
    }

    @Test("A token bound to a certificate needs that certificate; one bound otherwise is no good here")
    func binding() async throws {
        var draft = Draft()
        draft.claim("cnf", ##"{"x5t#S256":"abc"}"##)
        let token = try draft.text()
        #expect(await verifier.objection(token, certificate: "abc") == nil)
        #expect(await verifier.objection(token, certificate: "abd")?.refusal.reason == .binding)
        #expect(await verifier.objection(token)?.refusal.reason == .binding)
        for confirmation in [#"{"jkt":"abc"}"#, ##"{"x5t#S256":"abc","jkt":"d"}"##, "{}", "null", #""abc""#, #"{"other":"abc"}"#] {
            draft.claim("cnf", confirmation)
            #expect(await verifier.objection(try draft.text(), certificate: "abc")?.check == "binding")
        }
    }

    @Test("Keys that cannot be had are no reason to let anybody in")
    func unreachable() async throws {
        let objection = await Verifier.standard(keys: FixedKeys(documents: [:])).objection(try Draft().text())
        #expect(objection?.refusal.reason == .issuerUnreachable)
    }

    @Test("Without a check that others build on, nothing is accepted", arguments: ["form", "key", "signature"])
    func shortened(name: String) async throws {
        #expect(await verifier.dropping(name).objection(try Draft().text()) != nil)
    }

    @Test("Without a check that stands alone, what it refused is accepted and what others refuse is not")
    func dropped() async throws {
        var draft = Draft()
        draft.claim("exp", "1")
        #expect(await verifier.dropping("times").objection(try draft.text()) == nil)
        #expect(await verifier.dropping("audience").objection(try draft.text())?.check == "times")
        draft = Draft()
        draft.claim("aud", #""https://other.example""#)
        #expect(await verifier.dropping("audience").objection(try draft.text()) == nil)
    }

    @Test("Random and truncated text is refused, and never a crash")
    func noise() async throws {
        var generator = SystemRandomNumberGenerator()
        let good = try Draft().text()
        for _ in 0..<300 {
            let cut = String(good.prefix(Int.random(in: 0..<good.utf8.count, using: &generator)))
            #expect(await verifier.objection(cut) != nil)
            var bytes = Array(good.utf8)
            let index = Int.random(in: bytes.indices, using: &generator)
            bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(await verifier.objection(String(decoding: bytes, as: UTF8.self)) != nil)
            let noise = (0..<Int.random(in: 0...200, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(await verifier.objection(String(decoding: noise, as: UTF8.self))?.refusal.reason == .malformed)
            let dressed = "\(encode(noise)).\(encode(noise)).\(encode(noise))"
            #expect(await verifier.objection(dressed)?.refusal.reason == .malformed)
        }
    }
}
