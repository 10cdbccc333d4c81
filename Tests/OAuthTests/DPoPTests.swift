import Auth
import Crypto
import Foundation
import OAuth
import Testing

/// A proof as raw text, made by SwiftCrypto alone, so that anything about it can be wrong.
struct ProofDraft {
    static let url = "https://server.example/mcp"
    static let token = Secret("token-1")

    var header: [(name: String, json: String)]
    var claims: [(name: String, json: String)]
    var key = TestKeys.es256
    /// Sent how often.
    var times = 1
    /// HMAC instead of a signature, with the public key as its secret.
    var usesMAC = false

    init() {
        header = [("typ", #""dpop+jwt""#), ("alg", #""ES256""#), ("jwk", Self.jwk())]
        claims = [
            ("jti", #""p1""#), ("htm", #""POST""#), ("htu", "\"\(Self.url)\""), ("iat", "1800000000"),
            ("ath", "\"\(encode(SHA256.hash(data: Data(Self.token.reveal().utf8))))\""),
        ]
    }

    static func jwk(_ key: P256.Signing.PrivateKey = TestKeys.es256, _ more: [String: String] = [:]) -> String {
        let point = key.publicKey.x963Representation
        var members = ["kty": #""EC""#, "crv": #""P-256""#, "x": "\"\(encode(point[1..<33]))\"", "y": "\"\(encode(point[33...]))\""]
        for (name, json) in more { members[name] = json }
        return Draft.json(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    mutating func header(_ name: String, _ json: String?) { Self.set(&header, name, json) }
    mutating func claim(_ name: String, _ json: String?) { Self.set(&claims, name, json) }

    private static func set(_ members: inout [(name: String, json: String)], _ name: String, _ json: String?) {
        members.removeAll { $0.name == name }
        if let json { members.append((name, json)) }
    }

    func text() throws -> String {
        let input = "\(encode(Draft.json(header))).\(encode(Draft.json(claims)))"
        let bytes = Data(input.utf8)
        if usesMAC {
            let code = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: Data(key.publicKey.pemRepresentation.utf8)))
            return "\(input).\(encode(code))"
        }
        return "\(input).\(encode(try key.signature(for: bytes).rawRepresentation))"
    }

    func evidence() throws -> DPoPEvidence {
        DPoPEvidence(proofs: Array(repeating: try text(), count: times), method: "POST", url: Self.url, accessToken: Self.token)
    }
}

/// One thing bent in a good proof.
struct BentProof: Sendable, CustomTestStringConvertible {
    let what: String
    let check: String
    let reason: Reason
    let bend: @Sendable (inout ProofDraft) -> Void

    init(_ what: String, by check: String, _ reason: Reason = .proof, _ bend: @escaping @Sendable (inout ProofDraft) -> Void) {
        self.what = what
        self.check = check
        self.reason = reason
        self.bend = bend
    }

    var testDescription: String { what }

    static let all: [BentProof] = [
        BentProof("none", by: "one-proof", .missing) { $0.times = 0 },
        BentProof("two", by: "one-proof") { $0.times = 2 },
        BentProof("no jti", by: "form") { $0.claim("jti", nil) },
        BentProof("an empty jti", by: "form") { $0.claim("jti", #""""#) },
        BentProof("a huge jti", by: "form") { $0.claim("jti", "\"\(String(repeating: "j", count: 300))\"") },
        BentProof("iat as text", by: "form") { $0.claim("iat", #""1800000000""#) },
        BentProof("typ of an access token", by: "type") { $0.header("typ", #""at+jwt""#) },
        BentProof("no typ", by: "type") { $0.header("typ", nil) },
        BentProof("alg none", by: "algorithm") { $0.header("alg", #""none""#) },
        BentProof("a MAC", by: "algorithm") { draft in
            draft.header("alg", #""HS256""#)
            draft.usesMAC = true
        },
        BentProof("a critical header", by: "algorithm") { $0.header("crit", #"["b64"]"#) },
        BentProof("no key", by: "key") { $0.header("jwk", nil) },
        BentProof("a private key", by: "key") { $0.header("jwk", ProofDraft.jwk(TestKeys.es256, ["d": #""AAAA""#])) },
        BentProof("a key off the curve", by: "key") {
            $0.header("jwk", ProofDraft.jwk(TestKeys.es256, ["y": "\"\(encode([UInt8](repeating: 1, count: 32)))\""]))
        },
        BentProof("another key's signature", by: "signature") { $0.key = TestKeys.attacker },
        BentProof("another method", by: "method") { $0.claim("htm", #""GET""#) },
        BentProof("the method in lower case", by: "method") { $0.claim("htm", #""post""#) },
        BentProof("another path", by: "target") { $0.claim("htu", #""https://server.example/other""#) },
        BentProof("another host", by: "target") { $0.claim("htu", #""https://server.example.evil.test/mcp""#) },
        BentProof("another scheme", by: "target") { $0.claim("htu", #""http://server.example/mcp""#) },
        BentProof("somebody before the host", by: "target") { $0.claim("htu", #""https://x@server.example/mcp""#) },
        BentProof("no ath", by: "access-token") { $0.claim("ath", nil) },
        BentProof("another token's ath", by: "access-token") { $0.claim("ath", "\"\(encode(SHA256.hash(data: Data("other".utf8))))\"") },
        BentProof("an hour old", by: "time") { $0.claim("iat", "1799996400") },
        BentProof("an hour ahead", by: "time") { $0.claim("iat", "1800003600") },
        BentProof("no nonce", by: "nonce", .nonce) { _ in },
        BentProof("a made-up nonce", by: "nonce", .nonce) { $0.claim("nonce", #""AAAA""#) },
    ]
}

@Suite("Proofs of possession")
struct DPoPTests {
    let nonces = DPoPNonces()
    var checks: Verifier<DPoPEvidence> { DPoPChecks.all(nonces: nonces, memory: ProofMemory()) }

    func good() -> ProofDraft {
        var draft = ProofDraft()
        draft.claim("nonce", "\"\(nonces.current(at: Draft.now))\"")
        return draft
    }

    @Test("A good proof passes and names its key")
    func accepted() async throws {
        var evidence = try good().evidence()
        #expect(await checks.objection(to: &evidence, at: Draft.now) == nil)
        #expect(evidence.keyThumbprint?.count == 43)
    }

    @Test("One thing wrong is refused by its check", arguments: BentProof.all)
    func refused(bent: BentProof) async throws {
        var draft = bent.check == "nonce" ? ProofDraft() : good()
        bent.bend(&draft)
        var evidence = try draft.evidence()
        let objection = await checks.objection(to: &evidence, at: Draft.now)
        #expect(objection?.check == bent.check)
        #expect(objection?.refusal.reason == bent.reason)
        #expect(evidence.keyThumbprint == nil || ["method", "target", "access-token", "time", "nonce"].contains(bent.check))
    }

    @Test(
        "The URL is compared in its normal form, without query and fragment",
        arguments: [
            "HTTPS://Server.Example/mcp", "https://server.example:443/mcp", "https://server.example/mcp?x=1",
            "https://server.example/mcp#f",
        ])
    func normalForm(url: String) async throws {
        var draft = good()
        draft.claim("htu", "\"\(url)\"")
        var evidence = try draft.evidence()
        #expect(await checks.objection(to: &evidence, at: Draft.now) == nil)
    }

    @Test("A proof is good once, and the next one of the same key is good again")
    func replay() async throws {
        let checks = DPoPChecks.all(memory: ProofMemory())
        var draft = ProofDraft()
        var first = try draft.evidence()
        #expect(await checks.objection(to: &first, at: Draft.now) == nil)
        var again = try draft.evidence()
        #expect(await checks.objection(to: &again, at: Draft.now)?.refusal.reason == .replayed)
        draft.claim("jti", #""p2""#)
        var next = try draft.evidence()
        #expect(await checks.objection(to: &next, at: Draft.now) == nil)
    }

    @Test("Judging a proof before its use leaves it as good as it was, and its use alone uses it up")
    func use() async throws {
        let checks = DPoPChecks.all(memory: ProofMemory())
        for _ in 0..<2 {
            var evidence = try ProofDraft().evidence()
            #expect(await checks.beforeUse.objection(to: &evidence, at: Draft.now) == nil)
        }
        var evidence = try ProofDraft().evidence()
        _ = await checks.beforeUse.objection(to: &evidence, at: Draft.now)
        #expect(await checks.use.objection(to: &evidence, at: Draft.now) == nil)
        #expect(await checks.use.objection(to: &evidence, at: Draft.now)?.refusal.reason == .replayed)
        #expect(checks.beforeUse.checks.count + checks.use.checks.count == checks.checks.count)
    }

    private static func fill(_ memory: ProofMemory, _ ids: [String], of holder: ProofHolder, at now: Date) -> [ProofMemory.Outcome] {
        ids.map { memory.remember($0, of: holder, until: now + 10, at: now) }
    }

    @Test("A full memory refuses rather than forgets, and forgets what has ended")
    func fullMemory() {
        let memory = ProofMemory(capacity: 2)
        let (now, alice) = (Draft.now, ProofHolder("alice"))
        #expect(Self.fill(memory, ["a", "b", "c", "a"], of: alice, at: now) == [.fresh, .fresh, .full, .used])
        #expect(Self.fill(memory, ["c", "c"], of: alice, at: now + 11) == [.fresh, .used])
        // The clock may be set back; what was used stays so.
        #expect(Self.fill(memory, ["c", "d", "e"], of: alice, at: now + 5) == [.used, .fresh, .full])
    }

    @Test("Whoever fills his share turns nobody else away, and one's use of a name is no other's")
    func shares() {
        let memory = ProofMemory(capacity: 10, share: 2)
        let now = Draft.now
        #expect(Self.fill(memory, ["a", "b", "c"], of: ProofHolder("alice"), at: now) == [.fresh, .fresh, .full])
        #expect(Self.fill(memory, ["a", "a"], of: ProofHolder("bob"), at: now) == [.fresh, .used])
        #expect(Self.fill(memory, ["a"], of: ProofHolder("alice"), at: now) == [.used])
    }

    @Test("Those who come by themselves have half of it together, however many they are")
    func openHolders() {
        let memory = ProofMemory(capacity: 10, share: 10, openShare: 2)
        let now = Draft.now
        let outcomes = (0..<4).map { Self.fill(memory, ["a", "b", "c"], of: ProofHolder("\($0)", isKnown: false), at: now) }
        #expect(outcomes == [[.fresh, .fresh, .full], [.fresh, .fresh, .full], [.fresh, .full, .full], [.full, .full, .full]])
        #expect(Self.fill(memory, ["a", "b", "c", "d", "e", "f"], of: ProofHolder("alice"), at: now).count { $0 == .fresh } == 5)
        #expect(Self.fill(memory, ["a"], of: ProofHolder("late", isKnown: false), at: now + 11) == [.fresh])
    }

    @Test("A nonce is accepted in its own time and the next, and not after")
    func nonceLife() {
        let nonce = nonces.current(at: Draft.now)
        #expect(nonces.accepts(nonce, at: Draft.now))
        #expect(nonces.accepts(nonce, at: Draft.now + 300))
        #expect(!nonces.accepts(nonce, at: Draft.now + 600))
        #expect(!DPoPNonces().accepts(nonce, at: Draft.now))
    }

    @Test("A key's own proofs pass, with and without a token")
    func ownProofs() async throws {
        let key = try DPoPKey(pem: DPoPKey().pem.reveal())
        for token in [nil, ProofDraft.token] {
            let proof = try key.proof(
                method: "POST", url: ProofDraft.url + "?q=1", accessToken: token, nonce: nonces.current(at: Draft.now), at: Draft.now)
            var evidence = DPoPEvidence(proofs: [proof], method: "POST", url: ProofDraft.url, accessToken: token)
            #expect(await checks.objection(to: &evidence, at: Draft.now) == nil)
            #expect(evidence.keyThumbprint == key.thumbprint)
        }
    }
}

@Suite("Bound tokens")
struct BindingTests {
    func objection(_ cnf: String?, certificate: String? = nil, key: String? = nil, required: TokenBinding? = nil) async throws -> Refusal? {
        var draft = Draft()
        draft.claim("cnf", cnf)
        var evidence = AccessTokenEvidence(token: try draft.text(), certificateThumbprint: certificate, keyThumbprint: key)
        let verifier = TokenChecks.jwt(
            issuers: [TrustedIssuer(Draft.issuer)], audience: Draft.audience, leeway: 0, keys: FixedKeys(), binding: required)
        return await verifier.objection(to: &evidence, at: Draft.now)?.refusal
    }

    @Test("A token bound to a key is good with that key's proof only")
    func key() async throws {
        #expect(try await objection(#"{"jkt":"k"}"#, key: "k") == nil)
        #expect(try await objection(#"{"jkt":"k"}"#, key: "other")?.reason == .binding)
        #expect(try await objection(#"{"jkt":"k"}"#)?.reason == .binding)
        #expect(try await objection(nil, key: "k")?.reason == .binding)
    }

    @Test("What is required must be there")
    func required() async throws {
        #expect(try await objection(nil) == nil)
        #expect(try await objection(nil, required: .dpop)?.reason == .binding)
        #expect(try await objection(nil, certificate: "c", required: .certificate)?.reason == .binding)
        #expect(try await objection(##"{"x5t#S256":"c"}"##, certificate: "c", required: .certificate) == nil)
        #expect(try await objection(##"{"x5t#S256":"c"}"##, certificate: "c", required: .dpop)?.reason == .binding)
        #expect(try await objection(#"{"jkt":"k"}"#, key: "k", required: .dpop) == nil)
        #expect(try await objection(#"{"jkt":"k"}"#, certificate: "c", key: "k", required: .certificate)?.reason == .binding)
    }

    @Test("A token bound to both needs both")
    func both() async throws {
        let cnf = ##"{"x5t#S256":"c","jkt":"k"}"##
        #expect(try await objection(cnf, certificate: "c", key: "k") == nil)
        #expect(try await objection(cnf, certificate: "c")?.reason == .binding)
        #expect(try await objection(cnf, key: "k")?.reason == .binding)
    }
}
