import Auth
import Foundation
import OAuth
import Testing

@Suite("The checks on introspected tokens")
struct IntrospectionTests {
    private static let good: [String: JSONValue] = [
        "active": .bool(true), "iss": .string(Draft.issuer), "sub": .string("alice"), "aud": .string(Draft.audience),
        "exp": .number(1_800_000_100), "scope": .string("mcp:read"), "jti": .string("t1"), "token_type": .string("Bearer"),
    ]

    private func verifier(_ introspector: any Introspector, issuers: [String] = [Draft.issuer]) -> Verifier<AccessTokenEvidence> {
        TokenChecks.introspection(
            issuers: issuers.map { TrustedIssuer($0) }, audience: Draft.audience, leeway: 0, introspector: introspector)
    }

    private func objection(_ answer: IntrospectionAnswer, token: String = "opaque", at now: Date = Draft.now) async -> Objection? {
        await verifier(TableIntrospector([Draft.issuer: answer])).objection(token, at: now)
    }

    @Test("They are asked in this order")
    func order() {
        #expect(verifier(TableIntrospector([:])).checks.map(\.name) == ["form", "active", "issuer", "audience", "times", "binding"])
    }

    @Test("An active token names its subject, its scopes and itself")
    func accepted() async {
        let verdict = await verifier(TableIntrospector([Draft.issuer: .active(Self.good)]))
            .verdict(on: AccessTokenEvidence(token: "opaque"), at: Draft.now)
        let alice = Principal(name: "alice", scopes: ["mcp:read"], credential: .token(issuer: Draft.issuer, jti: "t1"))
        #expect(verdict == .accepted(alice))
    }

    @Test("An answer with one thing wrong is refused for that thing", arguments: wrong)
    func refused(name: String, value: JSONValue?, reason: Reason, check: String) async {
        #expect(await objection(.active(Self.good)) == nil)
        var claims = Self.good
        claims[name] = value
        let objection = await objection(.active(claims))
        #expect(objection?.refusal.reason == reason)
        #expect(objection?.check == check)
    }

    static let wrong: [(String, JSONValue?, Reason, String)] = [
        ("iss", .string("https://other.example"), .issuer, "issuer"), ("iss", .number(7), .issuer, "issuer"),
        ("aud", nil, .claims, "audience"), ("aud", .string("https://other.example"), .audience, "audience"),
        ("aud", .array([]), .audience, "audience"), ("exp", .number(1_800_000_000), .expired, "times"),
        ("exp", .string("9999999999"), .claims, "times"), ("nbf", .number(1_800_000_001), .notYetValid, "times"),
        ("token_type", .string("refresh_token"), .type, "active"), ("sub", nil, .claims, "verdict"),
        ("cnf", .object(["jkt": .string("x")]), .binding, "binding"),
    ]

    @Test("What RFC 7662 leaves out may be left out", arguments: ["iss", "exp", "jti", "token_type", "scope"])
    func optional(name: String) async {
        var claims = Self.good
        claims[name] = nil
        #expect(await objection(.active(claims)) == nil)
    }

    @Test(
        "Only the JSON value true is active, only false is inactive, and anything else is no answer",
        arguments: [
            (#"{"active":true}"#, "active"), (#"{"active":false,"scope":"mcp:write"}"#, "inactive"), (#"{"active":"true"}"#, "none"),
            (#"{"active":1}"#, "none"), ("{}", "none"), ("[]", "none"), ("", "none"), ("<html>", "none"),
            (#"{"active":false,"active":true}"#, "none"), (#"{"active":null}"#, "none"),
        ])
    func answers(body: String, meaning: String) {
        switch IntrospectionAnswer(body: Array(body.utf8)) {
        case .active: #expect(meaning == "active")
        case .inactive: #expect(meaning == "inactive")
        case .unreachable: #expect(meaning == "none")
        }
    }

    @Test("Inactive is revoked, or expired where the token itself says so; no answer is no yes")
    func inactive() async throws {
        #expect(await objection(.inactive)?.refusal.reason == .revoked)
        #expect(await objection(.unreachable)?.refusal.reason == .issuerUnreachable)
        let jwt = try Draft().text()
        #expect(await objection(.inactive, token: jwt)?.refusal.reason == .revoked)
        #expect(await objection(.inactive, token: jwt, at: Draft.now + 100)?.refusal.reason == .expired)
    }

    @Test(
        "A text that is no bearer token is never sent on",
        arguments: ["", " ", "a b", "a\n", "é", "=", "a\"b", String(repeating: "a", count: 8193)])
    func form(token: String) async {
        let introspector = TableIntrospector([Draft.issuer: .active(Self.good)])
        #expect(await verifier(introspector).objection(token)?.refusal.reason == .malformed)
        #expect(await introspector.asked.isEmpty)
    }

    @Test("A JWT is shown to its own issuer only, and to nobody if that is not trusted")
    func whoIsAsked() async throws {
        let other = "https://other.example"
        let introspector = TableIntrospector([Draft.issuer: .active(Self.good), other: .inactive])
        let verifier = verifier(introspector, issuers: [other, Draft.issuer])
        #expect(await verifier.objection(try Draft().text()) == nil)
        #expect(await introspector.asked == [Draft.issuer])
        #expect(await verifier.objection("opaque") == nil)
        #expect(await introspector.asked == [Draft.issuer, other, Draft.issuer])
        var foreign = Draft()
        foreign.claim("iss", #""https://evil.example""#)
        #expect(await verifier.objection(try foreign.text())?.refusal.reason == .issuer)
        #expect(await introspector.asked.count == 3)
    }

    @Test("One silent issuer makes the answer unknown, not a no")
    func silentIssuer() async {
        let introspector = TableIntrospector([Draft.issuer: .inactive])
        let verifier = verifier(introspector, issuers: ["https://silent.example", Draft.issuer])
        #expect(await verifier.objection("opaque")?.refusal.reason == .issuerUnreachable)
    }

    @Test("The cache asks once per lifetime, and with a lifetime of zero each time")
    func caching() async {
        let clock = ManualClock()
        let introspector = TableIntrospector([Draft.issuer: .active(Self.good)])
        let cache = IntrospectionCache(of: introspector, lifetime: .seconds(5), now: clock.now)
        for _ in 0..<10 { _ = await cache.introspect(token: "a", issuer: Draft.issuer) }
        #expect(await introspector.asked.count == 1)
        await introspector.set(Draft.issuer, .inactive)
        clock.advance(by: .milliseconds(4999))
        #expect(await cache.introspect(token: "a", issuer: Draft.issuer) == .active(Self.good))
        clock.advance(by: .milliseconds(1))
        #expect(await cache.introspect(token: "a", issuer: Draft.issuer) == .inactive)
        #expect(await cache.introspect(token: "b", issuer: Draft.issuer) == .inactive)
        #expect(await introspector.asked.count == 3)
        let off = IntrospectionCache(of: introspector, lifetime: .zero, now: clock.now)
        for _ in 0..<3 { _ = await off.introspect(token: "a", issuer: Draft.issuer) }
        #expect(await introspector.asked.count == 6)
    }

    @Test("A cached answer does not outlive its token, and no answer is not remembered")
    func cacheLimits() async {
        let clock = ManualClock()
        let introspector = TableIntrospector([Draft.issuer: .active(Self.good)])
        let verifier = verifier(IntrospectionCache(of: introspector, lifetime: .seconds(3600), capacity: 2, now: clock.now))
        #expect(await verifier.objection("a") == nil)
        #expect(await verifier.objection("a", at: Draft.now + 100)?.refusal.reason == .expired)
        #expect(await introspector.asked.count == 1)
        await introspector.set(Draft.issuer, .unreachable)
        #expect(await verifier.objection("b")?.refusal.reason == .issuerUnreachable)
        await introspector.set(Draft.issuer, .active(Self.good))
        #expect(await verifier.objection("b") == nil)
        for name in 0..<100 { #expect(await verifier.objection("t\(name)") == nil) }
        #expect(await introspector.asked.count == 103)
    }
}
