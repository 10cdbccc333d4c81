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

/// Keeps what is written to it.
final class KeptAudit: AuditSink {
    let records = Mutex<[AuditRecord]>([])

    func append(_ record: AuditRecord) async throws { records.withLock { $0.append(record) } }

    var last: AuditRecord? { records.withLock { $0.last } }
}

/// An issuer with a user and some clients, without a network.
struct TestIssuer {
    static let url = "https://issuer.example"
    static let resource = "https://a.example/mcp"
    static let password = "correct horse"
    static let cheap = PasswordHash.Cost(rounds: 4, blockSize: 1, parallelism: 1)
    let file: TemporaryStore
    let store: IssuerStore
    let audit = KeptAudit()

    init() async throws {
        file = try TemporaryStore()
        store = try file.open()
        let administration = IssuerAdministration(store: store, now: start, audit: audit)
        try await administration.ensureSigningKey(.es256)
        for name in ["ann", "bob"] {
            let hash = try PasswordHash(of: Secret(Self.password), cost: Self.cheap).text
            try await store.add(UserRecord(name: name, passwordHash: hash, createdAt: start))
        }
        try await add("desk", redirect: ["http://127.0.0.1/callback", "http://localhost:8080/callback"], authentication: .none)
        try await add("site", redirect: ["https://site.example/callback?from=issuer"], authentication: .secret)
        try await add("open", redirect: ["https://open.example/callback"], authentication: .none, origin: .dynamic)
        try await store.add(ClientRecord(id: "machine", scopes: ["mcp:read"], createdAt: start), secretHash: [1])
    }

    func add(_ id: String, redirect: [String], authentication: ClientAuthentication, origin: ClientOrigin = .registered) async throws {
        var client = ClientRecord(id: id, scopes: ["mcp:read", "mcp:write"], createdAt: start)
        client.redirectURIs = redirect
        client.authentication = authentication
        client.grantTypes = ["authorization_code", "refresh_token"]
        client.origin = origin
        client.name = "The \(id)"
        try await store.add(client, secretHash: authentication == .secret ? ClientSecret.hash(Secret("secret of \(id)")) : nil)
    }

    func endpoints(
        now: Date = start, url: String = Self.url, configuration: (inout IssuerConfiguration) -> Void = { _ in },
        bend: (inout IssuerParts) -> Void = { _ in }
    ) -> IssuerEndpoints {
        var settings = IssuerConfiguration(store: file.path)
        settings.resources = [Self.resource, "https://b.example/mcp"]
        configuration(&settings)
        var parts = IssuerParts.standard(configuration: settings, issuer: url, audit: audit)
        parts.now = { now }
        parts.passwords = Passwords(cost: Self.cheap)
        bend(&parts)
        return IssuerEndpoints(issuer: url, base: url, parts: parts, store: store, logger: Logger(label: "test"))
    }

    /// The parameters of a good request of the client `site`, with some changed; nil takes one away.
    static func query(_ changes: [(String, String?)] = []) -> String {
        var members: [(String, String)] = [
            ("response_type", "code"), ("client_id", "site"), ("redirect_uri", "https://site.example/callback?from=issuer"),
            ("code_challenge", challenge), ("code_challenge_method", "S256"), ("resource", resource), ("scope", "mcp:read"),
            ("state", "abc"),
        ]
        for (name, value) in changes {
            let at = members.firstIndex { $0.0 == name }
            switch (at, value) {
            case (let at?, let value?): members[at].1 = value
            case (let at?, nil): members.remove(at: at)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
        return members.map { "\($0.0)=\(encode($0.1))" }.joined(separator: "&")
    }

    static let verifier = Secret(String(repeating: "v", count: 43))
    static let challenge = ProofKey.challenge(of: verifier)

    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Character(Unicode.Scalar(byte))
            return scalar.isASCII && (scalar.isLetter || scalar.isNumber) ? String(scalar) : String(format: "%%%02X", byte)
        }.joined()
    }
}

/// Visits an issuer's pages as a browser does: keeps cookies and fills in forms.
final class TestBrowser {
    let endpoints: IssuerEndpoints
    let peer: String
    private(set) var cookies: [String: String] = [:]

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String

        var location: String? { headers[.location] }

        /// The parameters that the location adds.
        var returned: [String: String] {
            guard let query = location?.split(separator: "?", maxSplits: 1).last else { return [:] }
            return Dictionary(
                query.split(separator: "&").map { pair in
                    let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (String(halves[0]), halves.count == 2 ? FormEncoding.decode(halves[1].utf8) ?? "" : "")
                }, uniquingKeysWith: { "\($0) \($1)" })
        }

        var token: String { text.firstMatch(of: #/name="token" value="([^"]*)"/#).map { String($0.1) } ?? "" }
        var isLogin: Bool { text.contains(#"name="username""#) }
        var isConsent: Bool { text.contains(#"name="decision""#) }
        var setCookies: [String] { headers[values: .setCookie] }
    }

    init(_ endpoints: IssuerEndpoints, peer: String = "127.0.0.1:50000") {
        self.endpoints = endpoints
        self.peer = peer
    }

    func get(_ query: String, path: String = "/oauth/authorize", method: String = "GET") async throws -> Answer {
        try await send(IssuerRequest(method: method, path: path, query: query, id: "r", peer: peer))
    }

    func post(_ query: String, _ fields: [(String, String)], path: String = "/oauth/authorize") async throws -> Answer {
        let body = fields.map { "\($0.0)=\(TestIssuer.encode($0.1))" }.joined(separator: "&")
        return try await send(
            IssuerRequest(
                method: "POST", path: path, query: query, contentType: ["application/x-www-form-urlencoded"], id: "r", peer: peer
            ) { () throws(OAuthError) in Array(body.utf8) })
    }

    /// Gets the login form and sends it.
    func logIn(_ query: String, as name: String = "ann", password: String = TestIssuer.password) async throws -> Answer {
        let form = try await get(query)
        return try await post(query, [("token", form.token), ("username", name), ("password", password)])
    }

    /// Gets the consent form and sends it.
    func decide(_ query: String, _ decision: String = "allow") async throws -> Answer {
        let form = try await get(query)
        return try await post(query, [("token", form.token), ("decision", decision)])
    }

    func forget() { cookies = [:] }

    func replaceCookie(where matches: (String) -> Bool, with value: String) {
        for name in cookies.keys where matches(name) { cookies[name] = value }
    }

    private func send(_ request: IssuerRequest) async throws -> Answer {
        var request = request
        if !cookies.isEmpty { request.cookies = [cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")] }
        let answer = try await endpoints.answer(request)
        for field in answer.headers[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = field.contains("Max-Age=0") ? nil : String(pair[1])
        }
        return Answer(status: answer.status.code, headers: answer.headers, text: String(decoding: answer.body, as: UTF8.self))
    }
}
