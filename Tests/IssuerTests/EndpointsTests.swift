import Auth
import Foundation
import HTTPTypes
import Issuer
import Logging
import OAuth
import Serving
import Store
import Synchronization
import Testing

/// Keeps the records, or fails like a full disk.
private final class Audit: AuditSink {
    let records = Mutex<[AuditRecord]>([])
    let fails: Bool

    init(fails: Bool = false) { self.fails = fails }

    func append(_ record: AuditRecord) async throws {
        if fails { throw CancellationError() }
        records.withLock { $0.append(record) }
    }
}

@Suite("Issuer endpoints")
struct EndpointsTests {
    private let file: TemporaryStore
    private let store: IssuerStore
    private let audit = Audit()
    private let alice: String
    private let server: String

    init() async throws {
        file = try TemporaryStore()
        store = try file.open()
        let administration = IssuerAdministration(store: store, now: start, audit: Audit())
        try await administration.ensureSigningKey(.es256)
        alice =
            try await administration.add(
                ClientRecord(id: "alice", scopes: ["mcp:read", "mcp:write"], resources: ["https://a.example/mcp"], createdAt: start)
            ).secret?.reveal() ?? ""
        server =
            try await administration.add(ClientRecord(id: "server", scopes: [], mayIntrospect: true, createdAt: start)).secret?.reveal()
            ?? ""
    }

    private func endpoints(_ audit: (any AuditSink)? = nil, now: Date = start, bend: (inout IssuerParts) -> Void = { _ in })
        -> IssuerEndpoints
    {
        var parts = IssuerParts.standard(configuration: IssuerConfiguration(store: file.path), audit: audit ?? self.audit)
        parts.now = { now }
        bend(&parts)
        return IssuerEndpoints(
            issuer: "https://issuer.example", base: "https://issuer.example", parts: parts, store: store, logger: Logger(label: "test"))
    }

    private func post(
        _ path: String, _ body: String, as user: (id: String, secret: String)?, query: String? = nil, to endpoints: IssuerEndpoints
    ) async throws -> (status: Int, headers: HTTPFields, members: [String: JSONValue]) {
        let answer = try await endpoints.answer(
            IssuerRequest(
                method: "POST", path: path, query: query,
                authorization: user.map { ["Basic " + Data("\($0.id):\($0.secret)".utf8).base64EncodedString()] } ?? [],
                contentType: FormParametersTests.form, id: "r1"
            ) { () throws(OAuthError) in Array(body.utf8) })
        return (answer.status.code, answer.headers, try answer.body.isEmpty ? [:] : OAuth.StrictJSON.parseObject(answer.body))
    }

    private func token(_ endpoints: IssuerEndpoints, _ more: String = "") async throws -> String {
        let answer = try await post("/oauth/token", "grant_type=client_credentials\(more)", as: ("alice", alice), to: endpoints)
        return try #require(answer.members["access_token"]?.string)
    }

    private func active(_ token: String, _ endpoints: IssuerEndpoints) async throws -> [String: JSONValue] {
        try await post("/oauth/introspect", "token=\(token)", as: ("server", server), to: endpoints).members
    }

    @Test("A granted token says in the answer, in its claims and at introspection the same")
    func granted() async throws {
        let endpoints = endpoints()
        let answer = try await post("/oauth/token", "grant_type=client_credentials&scope=mcp:read", as: ("alice", alice), to: endpoints)
        #expect(answer.status == 200)
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.members["token_type"] == .string("Bearer"))
        #expect(answer.members["expires_in"] == .number(3600))
        #expect(answer.members["scope"] == .string("mcp:read"))
        #expect(answer.members["refresh_token"] == nil)
        let token = try #require(answer.members["access_token"]?.string)
        let parts = try token.split(separator: ".").map { try #require(Base64URL.decode($0)) }
        #expect(parts.count == 3)
        let header = try OAuth.StrictJSON.parseObject(parts[0])
        #expect(header["typ"] == .string("at+jwt"))
        #expect(header["kid"] == (try await store.signingKeys(at: start).first?.kid).map { .string($0) })
        let claims = try OAuth.StrictJSON.parseObject(parts[1])
        #expect(Set(claims.keys) == ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"])
        #expect(claims["aud"] == .string("https://a.example/mcp"))
        #expect(claims["iss"] == .string("https://issuer.example"))
        var described = try await active(token, endpoints)
        #expect(described.removeValue(forKey: "active") == .bool(true))
        #expect(described.removeValue(forKey: "token_type") == .string("Bearer"))
        #expect(described == claims)
    }

    @Test(
        "A request with one thing wrong is refused with its code, between two that are granted",
        arguments: [
            ("grant_type=password", "unsupported_grant_type"), ("grant_type=", "invalid_request"),
            ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
            ("grant_type=client_credentials&scope=mcp:execute", "invalid_scope"),
            ("grant_type=client_credentials&resource=https://b.example/mcp", "invalid_target"),
            ("grant_type=client_credentials&client_id=alice&client_secret=x", "invalid_request"),
        ])
    func refused(body: String, code: String) async throws {
        let endpoints = endpoints()
        _ = try await token(endpoints)
        let answer = try await post("/oauth/token", body, as: ("alice", alice), to: endpoints)
        #expect(answer.status == 400)
        #expect(answer.members["error"] == .string(code))
        #expect(answer.headers[.cacheControl] == "no-store")
        _ = try await token(endpoints)
    }

    @Test("A wrong secret and an unknown client get the same answer, with a challenge")
    func unauthenticated() async throws {
        let wrong = try await post("/oauth/token", "grant_type=client_credentials", as: ("alice", "wrong"), to: endpoints())
        let unknown = try await post("/oauth/token", "grant_type=client_credentials", as: ("nobody", "wrong"), to: endpoints())
        #expect(wrong.status == 401)
        #expect(wrong.headers[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
        #expect(wrong.members["error"] == .string("invalid_client"))
        #expect(unknown.status == wrong.status)
        #expect(unknown.headers == wrong.headers)
        #expect(unknown.members == wrong.members)
    }

    @Test("Parameters in the URL are refused")
    func query() async throws {
        let answer = try await post(
            "/oauth/token", "grant_type=client_credentials", as: ("alice", alice), query: "scope=mcp:read", to: endpoints())
        #expect(answer.members["error"] == .string("invalid_request"))
    }

    @Test("A client revokes its own token, and nobody else does; an unknown token is fine")
    func revocation() async throws {
        let endpoints = endpoints()
        let (mine, twin) = (try await token(endpoints), try await token(endpoints))
        let foreign = try await post("/oauth/revoke", "token=\(mine)", as: ("server", server), to: endpoints)
        #expect(foreign.status == 400)
        #expect(try await active(mine, endpoints)["active"] == .bool(true))
        #expect(try await post("/oauth/revoke", "token=\(mine)", as: nil, to: endpoints).status == 401)
        #expect(try await post("/oauth/revoke", "token=\(mine)&token_type_hint=x", as: ("alice", alice), to: endpoints).status == 200)
        #expect(try await active(mine, endpoints) == ["active": .bool(false)])
        #expect(try await active(twin, endpoints)["active"] == .bool(true))
        #expect(try await post("/oauth/revoke", "token=unknown", as: ("alice", alice), to: endpoints).status == 200)
    }

    @Test("Introspection is for clients marked for it")
    func introspection() async throws {
        let endpoints = endpoints()
        let token = try await token(endpoints)
        #expect(try await post("/oauth/introspect", "token=\(token)", as: nil, to: endpoints).status == 401)
        #expect(try await post("/oauth/introspect", "token=\(token)", as: ("alice", alice), to: endpoints).status == 403)
        #expect(try await active(token, self.endpoints(now: later(3600))) == ["active": .bool(false)])
        #expect(try await active(token, self.endpoints(now: later(3599)))["active"] == .bool(true))
    }

    @Test("Retiring a secret and disabling a client are seen by the next request, and end their tokens")
    func withdrawal() async throws {
        let endpoints = endpoints()
        let administration = IssuerAdministration(store: try file.open(), now: start, audit: Audit())
        let old = try await token(endpoints)
        let new = try await administration.rotateSecret(of: "alice", overlap: 60).secret?.reveal() ?? ""
        #expect(try await active(old, endpoints)["active"] == .bool(true))
        #expect(try await administration.retireSecrets(of: "alice") == 1)
        #expect(try await active(old, endpoints) == ["active": .bool(false)])
        #expect(try await post("/oauth/token", "grant_type=client_credentials", as: ("alice", alice), to: endpoints).status == 401)
        #expect(try await post("/oauth/token", "grant_type=client_credentials", as: ("alice", new), to: endpoints).status == 200)
        _ = try await administration.disable("alice")
        #expect(try await post("/oauth/token", "grant_type=client_credentials", as: ("alice", new), to: endpoints).status == 401)
    }

    @Test("After a rotation the new key signs, and the key set has both without private members")
    func rotation() async throws {
        let endpoints = endpoints()
        let rotated = try await IssuerAdministration(store: try file.open(), now: start, audit: Audit())
            .rotateSigningKey(algorithm: nil, overlap: 60)
        let header = try #require(Base64URL.decode(try await token(endpoints).prefix { $0 != "." }))
        #expect(try OAuth.StrictJSON.parseObject(header)["kid"] == .string(rotated.key.kid))
        let answer = try await endpoints.answer(IssuerRequest(method: "GET", path: "/oauth/jwks", id: "r"))
        let keys = try #require(try OAuth.StrictJSON.parseObject(answer.body)["keys"]?.array).compactMap(\.object)
        #expect(keys.compactMap { $0["kid"]?.string } == [rotated.key.kid] + rotated.retired)
        #expect(keys.allSatisfy { Set($0.keys) == ["alg", "crv", "kid", "kty", "use", "x", "y"] })
    }

    @Test("Another algorithm in the configuration makes a new key, the same one does not")
    func algorithm() async throws {
        let administration = IssuerAdministration(store: store, now: start, audit: Audit())
        try await administration.ensureSigningKey(.es256)
        #expect(try await store.allSigningKeys().count == 1)
        try await administration.ensureSigningKey(.rs256)
        #expect(try await store.signingKeys(at: start).map(\.algorithm) == ["RS256", "ES256"])
    }

    @Test("The metadata names the issuer exactly, at the well-known path for it")
    func metadata() async throws {
        let answer = try await endpoints().answer(IssuerRequest(method: "GET", path: "/.well-known/oauth-authorization-server", id: "r"))
        let members = try OAuth.StrictJSON.parseObject(answer.body)
        #expect(members["issuer"] == .string("https://issuer.example"))
        #expect(members["token_endpoint"] == .string("https://issuer.example/oauth/token"))
        #expect(members["jwks_uri"] == .string("https://issuer.example/oauth/jwks"))
        #expect(
            members["token_endpoint_auth_methods_supported"]?.strings
                == ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"])
    }

    @Test(
        "A wrong method is 405 with Allow, an unknown path 404",
        arguments: [
            ("GET", "/oauth/token", 405, "POST"), ("PUT", "/oauth/revoke", 405, "POST"), ("POST", "/oauth/jwks", 405, "GET, HEAD"),
            ("HEAD", "/oauth/jwks", 200, nil), ("GET", "/", 404, nil), ("POST", "/oauth/token/", 404, nil),
        ] as [(String, String, Int, String?)])
    func methods(method: String, path: String, status: Int, allow: String?) async throws {
        let answer = try await endpoints().answer(IssuerRequest(method: method, path: path, id: "r"))
        #expect(answer.status.code == status)
        #expect(answer.headers[.allow] == allow)
    }

    @Test("Each decision is on the audit trail with client, token and reason, and no secret")
    func auditTrail() async throws {
        let endpoints = endpoints()
        let token = try await token(endpoints)
        _ = try await post("/oauth/token", "grant_type=client_credentials", as: ("alice", "wrong"), to: endpoints)
        _ = try await post("/oauth/token", "grant_type=client_credentials", as: ("someone's secret", "wrong"), to: endpoints)
        let records = audit.records.withLock { $0 }
        #expect(records.map(\.decision) == [.allowed, .refused, .refused])
        #expect(records.map(\.principal) == ["alice", "alice", nil])
        #expect(records.map(\.reason) == [nil, .unknown, .unknown])
        #expect(records.map(\.requestID) == ["r1", "r1", "r1"])
        #expect(records[0].jti?.isEmpty == false)
        let text = records.map { "\($0)" }.joined()
        #expect(!text.contains(alice) && !text.contains(token) && !text.contains("someone's secret"))
    }

    @Test("Without an audit trail no token is given")
    func auditFails() async throws {
        let answer = try await post(
            "/oauth/token", "grant_type=client_credentials", as: ("alice", alice), to: endpoints(Audit(fails: true)))
        #expect(answer.status == 503)
        #expect(answer.members["access_token"] == nil)
        _ = try await token(endpoints())
    }

    @Test("One part bent changes that one rule and spares the next")
    func bent() async throws {
        let endpoints = endpoints { $0.activity = $0.activity.dropping("not-revoked") }
        let token = try await token(endpoints)
        _ = try await post("/oauth/revoke", "token=\(token)", as: ("alice", alice), to: endpoints)
        #expect(try await active(token, endpoints)["active"] == .bool(true))
        #expect(try await active(token, self.endpoints())["active"] == .bool(false))
    }
}
