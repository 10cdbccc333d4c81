import Forging
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// The bed as token issuer: it holds the signing key, publishes the key set, answers introspection, and mints tokens
/// that are right or wrong in exactly one way.
final class BedIssuer: Sendable {
    struct Minted: Sendable {
        var token: String
        var expiry: Double
    }

    let url: String
    /// What it says and counts.
    let script: BedIssuerScript
    /// By algorithm, the keys that it signs with; the first is for tokens of which nothing else is said.
    let keys: [ForgedKey]
    let attacker: ForgedKey
    private let clock: SubjectClock
    private let registry: Registry
    private let service: LoopbackService

    private init(
        url: String, keys: [ForgedKey], attacker: ForgedKey, clock: SubjectClock, registry: Registry, script: BedIssuerScript,
        service: LoopbackService
    ) {
        self.url = url
        self.keys = keys
        self.attacker = attacker
        self.clock = clock
        self.registry = registry
        self.script = script
        self.service = service
    }

    private var key: ForgedKey { keys[0] }

    static func keySet(_ keys: [String]) -> String { #"{"keys":[\#(keys.joined(separator: ","))]}"# }

    /// What introspection knows: each minted token's claims, as JSON texts.
    private final class Registry: Sendable {
        private let claims = Mutex<[String: [(String, String)]]>([:])

        func remember(_ token: String, _ members: [(String, String)]) { claims.withLock { $0[token] = members } }

        func forget(_ token: String) { claims.withLock { $0[token] = nil } }

        func knowsAny(in text: String) -> Bool { claims.withLock { $0.keys.contains { text.contains($0) } } }

        func answer(_ token: String) -> String {
            guard let members = claims.withLock({ $0[token] }) else { return #"{"active":false}"# }
            return "{" + ([(#""active""#, "true")] + members.map { ("\"\($0.0)\"", $0.1) }).map { "\($0.0):\($0.1)" }.joined(separator: ",")
                + "}"
        }
    }

    /// - Parameters:
    ///   - algorithms: What it has keys for, the one for its tokens first.
    ///   - names: The `kid` of each.
    ///   - port: Where a server expects it that runs already; 0 for any.
    static func start(
        clock: SubjectClock, algorithms: [TokenForge.Algorithm] = [.es256], names: [String] = ["bed-1"], port: Int = 0
    ) async throws -> BedIssuer {
        let keys = try zip(algorithms, names).map { try IssuerKeys.key($0, id: $1, of: .issuer) }
        let attacker = try IssuerKeys.key(algorithms.first ?? .es256, id: names.first ?? "bed-1", of: .attacker)
        let registry = Registry()
        let script = BedIssuerScript()
        let box = URLBox()
        let router = Router()
        let json: @Sendable (String) -> Response = { text in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        let scripted: @Sendable (BedIssuerScript.Answer) async throws -> Response = { answer in
            if answer.delay > .zero { try await Task.sleep(for: answer.delay) }
            return Response(
                status: .init(code: answer.status), headers: [.contentType: answer.contentType],
                body: .init(byteBuffer: ByteBuffer(string: answer.body)))
        }
        router.get("/.well-known/oauth-authorization-server") { _, _ in
            let url = box.url
            return json(
                #"{"issuer":"\#(url)","token_endpoint":"\#(url)/token","jwks_uri":"\#(url)/jwks","introspection_endpoint":"\#(url)/introspect","response_types_supported":[],"grant_types_supported":["client_credentials"]}"#
            )
        }
        router.get("/jwks") { _, _ in
            script.noteKeyFetch()
            if let answer = script.keySet { return try await scripted(answer) }
            return json(keySet(keys.map(\.publicJWK) + script.furtherKeys))
        }
        router.post("/introspect") { request, _ in
            script.count("introspections")
            let body = String(buffer: try await request.body.collect(upTo: 65536))
            if let answer = script.introspection { return try await scripted(answer) }
            let token = body.split(separator: "&").first { $0.hasPrefix("token=") }?.dropFirst(6) ?? ""
            return json(registry.answer(token.removingPercentEncoding ?? ""))
        }
        // The service behind the server: no token of a caller has any business here.
        router.get("/upstream") { request, _ in
            let shown = request.headers.map(\.value).joined(separator: "\n") + request.uri.string
            if registry.knowsAny(in: shown) { script.count("tokens-passed-on") }
            return json("{}")
        }
        // Where tokens point that want to bring their own keys: whoever asks here has followed them.
        router.get("/decoy/**") { _, _ in
            script.count("decoy-requests")
            return json(keySet([attacker.publicJWK]))
        }
        let service = try await LoopbackService.start("issuer", port: port, responder: router.buildResponder())
        box.set("http://127.0.0.1:\(service.port)")
        return BedIssuer(
            url: box.url, keys: keys, attacker: attacker, clock: clock, registry: registry, script: script, service: service)
    }

    private final class URLBox: Sendable {
        private let value = Mutex("")
        var url: String { value.withLock { $0 } }
        func set(_ url: String) { value.withLock { $0 = url } }
    }

    func stop() { service.stop() }

    /// From now on introspection knows nothing of the token; who verifies its signature alone learns nothing of that.
    func revoke(_ token: String) { registry.forget(token) }

    /// A right token, taken apart: header and claims as names and JSON texts, in order.
    struct Parts: Sendable {
        var header: [(String, String)]
        var claims: [(String, String)]
    }

    /// - Parameters:
    ///   - confirmation: What it is bound to: its `cnf`, as JSON text.
    ///   - claims: Claims to set to other JSON texts, or to leave out (nil).
    ///   - header: The same for the header.
    func parts(
        subject: String, scopes: [String], audience: String, lifetime: Double, confirmation: String? = nil,
        claims bentClaims: [String: String?] = [:], header bentHeader: [String: String?] = [:], signedBy other: ForgedKey? = nil
    ) -> Parts {
        let now = clock.now.rounded(.down)
        var claims: [(String, String)] = [
            ("iss", "\"\(url)\""), ("sub", "\"\(subject)\""), ("aud", "\"\(audience)\""), ("client_id", "\"\(subject)\""),
            ("scope", "\"\(scopes.joined(separator: " "))\""), ("iat", "\(Int(now))"), ("exp", "\(Int(now + lifetime))"),
            ("jti", "\"\(TokenForge.randomIdentifier())\""),
        ]
        if let confirmation { claims.append(("cnf", confirmation)) }
        let key = other ?? self.key
        var header: [(String, String)] = [("alg", "\"\(key.algorithm.rawValue)\""), ("typ", "\"at+jwt\""), ("kid", "\"\(key.id)\"")]
        bend(&claims, bentClaims, now)
        bend(&header, bentHeader, now)
        return Parts(header: header, claims: claims)
    }

    /// The same, put together.
    ///
    /// - Parameters:
    ///   - signature: How it is signed; nil for rightly.
    ///   - other: Whose key signs, and is named; nil for its own.
    func mint(
        subject: String, scopes: [String], audience: String, lifetime: Double, confirmation: String? = nil,
        claims bentClaims: [String: String?] = [:],
        header bentHeader: [String: String?] = [:], signature: String? = nil, signedBy other: ForgedKey? = nil
    ) throws -> Minted {
        let parts = parts(
            subject: subject, scopes: scopes, audience: audience, lifetime: lifetime, confirmation: confirmation, claims: bentClaims,
            header: bentHeader, signedBy: other)
        let signing: TokenForge.Signing =
            switch signature {
            case nil: .right
            case "none": .none
            case "empty": .empty
            case "attacker-key": .attackerKey(attacker)
            case "hmac-with-public-key": .hmacWithPublicKey
            case "other-payload": .otherPayload
            case .some(let other): throw BedError("there is no way to sign called \(other)")
            }
        let token = try TokenForge.mint(header: parts.header, claims: parts.claims, key: other ?? key, signing: signing)
        registry.remember(token, parts.claims)
        return Minted(token: token, expiry: clock.now.rounded(.down) + lifetime)
    }

    private func bend(_ members: inout [(String, String)], _ changes: [String: String?], _ now: Double) {
        for (name, text) in changes.sorted(by: { $0.key < $1.key }) {
            members.removeAll { $0.0 == name }
            if let text { members.append((name, Self.resolve(text, now))) }
        }
    }

    /// `now-10m` becomes a number; other texts are JSON already.
    private static func resolve(_ text: String, _ now: Double) -> String {
        let text = text.hasPrefix("\"now") ? String(text.dropFirst().dropLast()) : text
        guard text.hasPrefix("now"), let sign = text.dropFirst(3).first, let unit = text.last,
            let amount = Double(text.dropFirst(4).dropLast()), let seconds = ["s": 1.0, "m": 60, "h": 3600, "d": 86400][String(unit)]
        else { return text }
        return "\(Int(now + (sign == "-" ? -1 : 1) * amount * seconds))"
    }
}
