import Auth
import Foundation
import HTTPTypes
import Issuer
import Logging
import MutualTLS
import OAuth
import Serving
import Store
import Synchronization

/// An issuer with three clients that people use: `app`, a public one; `web`, which has a secret; and `other`, public too.
final class GrantBench: Sendable {
    static let url = "https://issuer.example"
    static let resource = "https://a.example/mcp"
    static let callback = "http://127.0.0.1/callback"

    let store: IssuerStore
    let secret: String
    private let file: TemporaryStore

    init() async throws {
        file = try TemporaryStore()
        store = try file.open()
        let administration = IssuerAdministration(store: store, now: start, audit: NoAudit())
        try await administration.ensureSigningKey(.es256)
        for id in ["app", "other"] { _ = try await administration.add(Self.client(id, .none)) }
        secret = try await administration.add(Self.client("web", .secret)).secret?.reveal() ?? ""
        let server = ClientRecord(id: "server", scopes: [], mayIntrospect: true, createdAt: start)
        try await store.add(UserRecord(name: "alice", passwordHash: "none", createdAt: start))
        try await store.add(server, secretHash: ClientSecret.hash(Secret("server-secret")))
    }

    static func client(_ id: String, _ authentication: ClientAuthentication) -> ClientRecord {
        var client = ClientRecord(id: id, scopes: ["mcp:read", "mcp:write"], createdAt: start)
        client.authentication = authentication
        client.redirectURIs = [callback]
        client.grantTypes = ["authorization_code", "refresh_token"]
        return client
    }

    func administration(_ now: Date = start) -> IssuerAdministration {
        IssuerAdministration(store: store, now: now, audit: NoAudit())
    }

    func endpoints(
        at now: Date = start, configure: (inout IssuerConfiguration) -> Void = { _ in }, bend: (inout IssuerParts) -> Void = { _ in }
    ) -> IssuerEndpoints {
        var configuration = IssuerConfiguration(store: file.path)
        configuration.resources = [Self.resource]
        configure(&configuration)
        var parts = IssuerParts.standard(configuration: configuration, issuer: Self.url, audit: NoAudit())
        parts.now = { now }
        bend(&parts)
        return IssuerEndpoints(issuer: Self.url, base: Self.url, parts: parts, store: store, logger: Logger(label: "test"))
    }

    /// A code as the authorization endpoint gives it out, and the form that redeems it.
    struct Code {
        let text = ClientSecret.generate().reveal()
        let verifier = ProofKey.verifier()
        var record: CodeRecord

        init(client: String = "app") {
            record = CodeRecord(
                hash: ClientSecret.hash(Secret(text)), clientID: client, user: "alice", redirectURI: GrantBench.callback,
                challenge: ProofKey.challenge(of: verifier), scopes: ["mcp:read", "mcp:write"], audience: GrantBench.resource,
                issuedAt: start, expiresAt: later(60))
        }

        /// The parameters of the redemption, with some replaced, or left out where nil.
        func form(_ bent: [String: String?] = [:]) -> [String: String] {
            var form: [String: String?] = [
                "grant_type": "authorization_code", "code": text, "code_verifier": verifier.reveal(), "client_id": record.clientID,
                "redirect_uri": GrantBench.callback, "resource": GrantBench.resource,
            ]
            for (name, value) in bent { form[name] = .some(value) }
            return form.compactMapValues { $0 }
        }
    }

    func code(client: String = "app", bend: (inout CodeRecord) -> Void = { _ in }) async throws -> Code {
        var code = Code(client: client)
        bend(&code.record)
        try await store.addCode(code.record)
        return code
    }

    struct Answer {
        var status: Int
        var headers: HTTPFields
        var members: [String: JSONValue]
        var error: String? { members["error"]?.string }
        var access: String { members["access_token"]?.string ?? "" }
        var refresh: String { members["refresh_token"]?.string ?? "" }
        var scope: String? { members["scope"]?.string }
    }

    func post(
        _ path: String, _ form: [String: String], basic: (String, String)? = nil, proof: String? = nil,
        certificate: PeerCertificate? = nil, id: String = "r1", to endpoints: IssuerEndpoints
    ) async throws -> Answer {
        let body = form.map { "\($0.key)=\(Self.escape($0.value))" }.joined(separator: "&")
        var request = IssuerRequest(
            method: "POST", path: path,
            authorization: basic.map { ["Basic " + Data("\($0.0):\($0.1)".utf8).base64EncodedString()] } ?? [],
            contentType: FormParametersTests.form, id: id
        ) { () throws(OAuthError) in Array(body.utf8) }
        request.proofs = proof.map { [$0] } ?? []
        request.certificate = certificate
        let answer = try await endpoints.answer(request)
        return Answer(
            status: answer.status.code, headers: answer.headers,
            members: answer.body.isEmpty ? [:] : try OAuth.StrictJSON.parseObject(answer.body))
    }

    func token(
        _ form: [String: String], basic: (String, String)? = nil, proof: String? = nil, to endpoints: IssuerEndpoints? = nil
    ) async throws -> Answer {
        try await post("/oauth/token", form, basic: basic, proof: proof, to: endpoints ?? self.endpoints())
    }

    func refresh(
        _ token: String, _ more: [String: String] = [:], client: String? = "app", basic: (String, String)? = nil, proof: String? = nil,
        to endpoints: IssuerEndpoints? = nil
    ) async throws -> Answer {
        var form = ["grant_type": "refresh_token", "refresh_token": token]
        form["client_id"] = client
        return try await self.token(form.merging(more) { $1 }, basic: basic, proof: proof, to: endpoints)
    }

    func introspect(_ token: String, to endpoints: IssuerEndpoints? = nil) async throws -> [String: JSONValue] {
        try await post(
            "/oauth/introspect", ["token": token], basic: ("server", "server-secret"), to: endpoints ?? self.endpoints()
        ).members
    }

    func isActive(_ token: String) async throws -> Bool { try await introspect(token)["active"] == .bool(true) }

    private static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

struct NoAudit: AuditSink {
    func append(_ record: AuditRecord) async throws {}
}
