import Auth
import Foundation
import HTTPTypes
import Issuer
import Logging
import OAuth
import Serving
import Store
import Testing

private struct Silent: AuditSink {
    func append(_ record: AuditRecord) async throws {}
}

@Suite("Clients with keys, and tokens bound to them")
struct BoundTokensTests {
    static let url = "https://issuer.example"
    private let file: TemporaryStore
    private let store: IssuerStore
    private let key: SigningKey
    private let stranger: SigningKey
    private let secret: String

    init() async throws {
        file = try TemporaryStore()
        store = try file.open()
        key = try await SigningKey(generating: .es256)
        stranger = try await SigningKey(generating: .es256)
        let administration = IssuerAdministration(store: store, now: start, audit: Silent())
        try await administration.ensureSigningKey(.es256)
        var signer = ClientRecord(id: "signer", scopes: ["mcp:read"], resources: ["https://a.example/mcp"], createdAt: start)
        signer.authentication = .privateKeyJWT
        signer.jwks = String(decoding: try JSONEncoder().encode(JSONWebKeySet(keys: [key.publicJWK])), as: UTF8.self)
        _ = try await administration.add(signer)
        var bound = ClientRecord(id: "bound", scopes: ["mcp:read"], resources: ["https://a.example/mcp"], createdAt: start)
        bound.binding = .dpop
        _ = try await administration.add(bound)
        secret =
            try await administration.add(
                ClientRecord(id: "plain", scopes: ["mcp:read"], resources: ["https://a.example/mcp"], createdAt: start)
            ).secret?.reveal() ?? ""
    }

    private func endpoints(nonces: Bool = false) -> IssuerEndpoints {
        var configuration = IssuerConfiguration(store: file.path)
        configuration.dpopNonces = nonces
        var parts = IssuerParts.standard(configuration: configuration, issuer: Self.url, audit: Silent())
        parts.now = { start }
        return IssuerEndpoints(issuer: Self.url, base: Self.url, parts: parts, store: store, logger: Logger(label: "test"))
    }

    private struct Answered {
        var status: Int
        var nonce: String?
        var members: [String: JSONValue]
        var error: String? { members["error"]?.string }

        func claims() throws -> [String: JSONValue] {
            let token = try #require(members["access_token"]?.string)
            return try OAuth.StrictJSON.parseObject(try #require(Base64URL.decode(token.split(separator: ".")[1])))
        }
    }

    private func ask(
        _ endpoints: IssuerEndpoints, _ form: [(String, String)], basic: (String, String)? = nil, proofs: [String] = []
    ) async throws -> Answered {
        let body = (form + [("grant_type", "client_credentials")]).map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        var request = IssuerRequest(
            method: "POST", path: "/oauth/token",
            authorization: basic.map { ["Basic " + Data("\($0.0):\($0.1)".utf8).base64EncodedString()] } ?? [],
            contentType: FormParametersTests.form, id: "r1"
        ) { () throws(OAuthError) in Array(body.utf8) }
        request.proofs = proofs
        let answer = try await endpoints.answer(request)
        let nonce = answer.headers.first { $0.name.canonicalName == "dpop-nonce" }?.value
        return Answered(status: answer.status.code, nonce: nonce, members: try OAuth.StrictJSON.parseObject(answer.body))
    }

    private func assertion(_ key: SigningKey, id: String = "signer", audience: String = url) throws -> [(String, String)] {
        [
            ("client_assertion_type", ClientAssertion.type.replacing(":", with: "%3A")),
            ("client_assertion", try ClientAssertion.make(clientID: id, audience: audience, key: key, at: start)),
        ]
    }

    @Test("A client proves itself by an assertion, once, and nobody else's key does")
    func assertions() async throws {
        let endpoints = endpoints()
        let good = try assertion(key)
        #expect(try await ask(endpoints, good).status == 200)
        #expect(try await ask(endpoints, good).error == "invalid_client")
        #expect(try await ask(endpoints, try assertion(key)).status == 200)
        #expect(try await ask(endpoints, try assertion(stranger)).error == "invalid_client")
        #expect(try await ask(endpoints, try assertion(key, audience: "https://other.example")).error == "invalid_client")
        #expect(try await ask(endpoints, try assertion(key, id: "plain")).error == "invalid_client")
        #expect(try await ask(endpoints, try assertion(key) + [("client_secret", "x")]).error == "invalid_request")
    }

    @Test("A client registered for one way does not get in by another")
    func oneWay() async throws {
        let endpoints = endpoints()
        #expect(try await ask(endpoints, [], basic: ("signer", "x")).error == "invalid_client")
        #expect(try await ask(endpoints, [("client_id", "plain")]).error == "invalid_client")
        #expect(try await ask(endpoints, [], basic: ("plain", secret)).status == 200)
    }

    @Test("A token asked for with a proof is bound to its key, and is no bearer token")
    func bound() async throws {
        let endpoints = endpoints()
        let own = DPoPKey()
        let proof = try own.proof(method: "POST", url: Self.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
        let answer = try await ask(endpoints, [], basic: ("plain", secret), proofs: [proof])
        #expect(answer.members["token_type"] == .string("DPoP"))
        #expect(try answer.claims()["cnf"] == .object(["jkt": .string(own.thumbprint)]))
        #expect(try await ask(endpoints, [], basic: ("plain", secret), proofs: [proof]).error == "invalid_dpop_proof")
        let unbound = try await ask(endpoints, [], basic: ("plain", secret))
        #expect(unbound.members["token_type"] == .string("Bearer"))
        #expect(try unbound.claims()["cnf"] == nil)
        let elsewhere = try own.proof(method: "POST", url: Self.url + "/oauth/revoke", accessToken: nil, nonce: nil, at: start)
        #expect(try await ask(endpoints, [], basic: ("plain", secret), proofs: [elsewhere]).error == "invalid_dpop_proof")
    }

    @Test("A client registered for proofs gets no token without one")
    func required() async throws {
        let endpoints = endpoints()
        let administration = IssuerAdministration(store: store, now: start, audit: Silent())
        let secret = try await administration.rotateSecret(of: "bound", overlap: 0).secret?.reveal() ?? ""
        #expect(try await ask(endpoints, [], basic: ("bound", secret)).error == "invalid_dpop_proof")
        let proof = try DPoPKey().proof(method: "POST", url: Self.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
        #expect(try await ask(endpoints, [], basic: ("bound", secret), proofs: [proof]).status == 200)
    }

    @Test("Where nonces are asked for, the refusal brings one, and the next proof with it is good")
    func nonces() async throws {
        let endpoints = endpoints(nonces: true)
        let own = DPoPKey()
        func proof(_ nonce: String?) throws -> String {
            try own.proof(method: "POST", url: Self.url + "/oauth/token", accessToken: nil, nonce: nonce, at: start)
        }
        let first = try await ask(endpoints, [], basic: ("plain", secret), proofs: [try proof(nil)])
        #expect(first.error == "use_dpop_nonce")
        let nonce = try #require(first.nonce)
        let second = try await ask(endpoints, [], basic: ("plain", secret), proofs: [try proof(nonce)])
        #expect(second.status == 200)
        #expect(second.nonce == nonce)
        #expect(try await ask(endpoints, [], basic: ("plain", secret), proofs: [try proof("made-up")]).error == "use_dpop_nonce")
    }

    @Test("A client without a secret has none to rotate")
    func noSecret() async throws {
        let administration = IssuerAdministration(store: store, now: start, audit: Silent())
        await #expect(throws: IssuerStoreError.hasNoSecrets("signer")) {
            _ = try await administration.rotateSecret(of: "signer", overlap: 0)
        }
    }
}
