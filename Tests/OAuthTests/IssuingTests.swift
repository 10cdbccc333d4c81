import Auth
import Foundation
import OAuth
import Testing

@Suite("Issued tokens and metadata")
struct IssuingTests {
    private let issuer = AccessTokenIssuer(issuer: Draft.issuer)

    private func claims(lifetime: TimeInterval = 60, resources: [String] = [Draft.audience]) -> AccessTokenClaims {
        issuer.claims(clientID: "c1", resources: resources, scopes: ["mcp:read"], lifetime: lifetime, at: Draft.now + 0.9)
    }

    @Test("An issued token is accepted by the full list of checks", arguments: SigningAlgorithm.allCases)
    func accepted(algorithm: SigningAlgorithm) async throws {
        let key = try await SigningKey(generating: algorithm)
        let document = try JSONEncoder().encode(JSONWebKeySet(keys: [key.publicJWK]))
        let verifier = Verifier.standard(keys: FixedKeys(documents: [Draft.issuer: document]))
        let evidence = AccessTokenEvidence(token: try key.sign(claims()))
        guard case .accepted(let principal) = await verifier.verdict(on: evidence, at: Draft.now) else {
            Issue.record("refused")
            return
        }
        #expect(principal.name == "c1")
        #expect(principal.scopes == ["mcp:read"])
        let idToken = AccessTokenEvidence(token: try key.sign(claims(), header: ["typ": "JWT"]))
        #expect(await verifier.verdict(on: idToken, at: Draft.now) == .refused(Refusal(.type, "typ is not at+jwt")))
    }

    @Test("Times are whole seconds as JSON integers, and one audience is a string")
    func form() async throws {
        let token = try await SigningKey(generating: .es256).sign(claims())
        let payload = try #require(Base64URL.decode(token.split(separator: ".")[1]))
        let text = String(decoding: payload, as: UTF8.self)
        #expect(text.contains(#""iat":1800000000,"#))
        #expect(text.contains(#""exp":1800000060,"#))
        #expect(text.contains(#""aud":"https://server.example/mcp""#))
        let both = try JSONEncoder().encode(claims(resources: ["a", "b"]))
        #expect(try StrictJSON.parseObject(Array(both))["aud"] == .array([.string("a"), .string("b")]))
    }

    @Test("No token lives longer than an hour, or not at all", arguments: [(3600.0, 3600), (86400, 3600), (0, 1), (-5, 1), (2.9, 2)])
    func lifetime(asked: TimeInterval, given: Int) {
        let claims = claims(lifetime: asked)
        #expect(claims.exp - claims.iat == given)
    }

    @Test("No two tokens have the same jti")
    func identifiers() {
        #expect(Set((0..<1000).map { _ in claims().jti }).count == 1000)
    }

    @Test(
        "Metadata is found between authority and path",
        arguments: [
            ("https://a.example", "https://a.example/.well-known/oauth-protected-resource"),
            ("https://a.example/", "https://a.example/.well-known/oauth-protected-resource"),
            ("https://127.0.0.1:8443/mcp", "https://127.0.0.1:8443/.well-known/oauth-protected-resource/mcp"),
            ("https://a.example/b/c/", "https://a.example/.well-known/oauth-protected-resource/b/c"),
            ("https://a.example/b?c=d", "https://a.example/.well-known/oauth-protected-resource/b?c=d"),
            ("a.example", nil), ("https://", nil), ("https://a.example/#f", nil), ("", nil), ("file:///etc", nil),
        ])
    func wellKnown(identifier: String, url: String?) {
        #expect(WellKnown.url(ProtectedResourceMetadata.wellKnown, of: identifier) == url)
    }

    @Test("Metadata have the names of their RFCs, and come back as they were")
    func metadata() throws {
        var server = AuthorizationServerMetadata(issuer: Draft.issuer)
        server.jwksURI = Draft.issuer + "/jwks"
        server.introspectionEndpoint = Draft.issuer + "/introspect"
        let encoded = try JSONEncoder().encode(server)
        #expect(try JSONDecoder().decode(AuthorizationServerMetadata.self, from: encoded) == server)
        let members = try StrictJSON.parseObject(Array(encoded))
        #expect(Set(members.keys) == ["issuer", "jwks_uri", "introspection_endpoint", "response_types_supported"])
        let resource = ProtectedResourceMetadata(resource: Draft.audience, authorizationServers: [Draft.issuer])
        let names = try StrictJSON.parseObject(Array(JSONEncoder().encode(resource))).keys
        #expect(Set(names) == ["resource", "authorization_servers", "bearer_methods_supported"])
    }
}
