import Client
import MCP
import Testing

@Suite("Discovery")
struct DiscoveryTests {
    private let peer = ScriptedPeer()

    private func client(server: String = ScriptedPeer.server, issuer: String? = nil) throws -> MCPClient {
        var configuration = ClientConfiguration(server: try #require(WebAddress(server)), scheme: .oauth)
        configuration.oauth = OAuthConfiguration(issuer: issuer.flatMap(WebAddress.init), clientID: "a", clientSecret: .given("s"))
        return MCPClient(configuration, parts: .standard(report: { _ in }), exchange: peer.exchange)
    }

    @Test(
        "An issuer's metadata is looked for in the order of the specification",
        arguments: [
            ("https://i.example", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
            ("https://i.example/", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
            (
                "https://i.example/a/b",
                [
                    "/.well-known/oauth-authorization-server/a/b", "/.well-known/openid-configuration/a/b",
                    "/a/b/.well-known/openid-configuration",
                ]
            ),
        ])
    func issuerPlaces(issuer: String, paths: [String]) throws {
        #expect(MetadataPlaces.issuer(try #require(WebAddress(issuer))).map(\.text) == paths.map { "https://i.example" + $0 })
    }

    @Test("A resource's metadata is looked for where the challenge says, else with the path, then at the root")
    func resourcePlaces() throws {
        let server = try #require(WebAddress("https://s.example/mcp"))
        func places(_ named: String?) throws -> [String] {
            let challenge = named.map { Challenge(scheme: "bearer", parameters: ["resource_metadata": $0]) }
            return try MetadataPlaces.resource(server, server.text, challenge).map(\.address.text)
        }
        #expect(try places("https://s.example/elsewhere") == ["https://s.example/elsewhere"])
        #expect(
            try places(nil) == [
                "https://s.example/.well-known/oauth-protected-resource/mcp", "https://s.example/.well-known/oauth-protected-resource",
            ])
    }

    @Test("Metadata at the root may be about the whole origin, and its identifier is then the one that is asked for")
    func root() async throws {
        peer.accept(["token-1"])
        peer.answer(
            "https://127.0.0.1:4381/.well-known/oauth-protected-resource",
            with: ScriptedPeer.json(["resource": "https://127.0.0.1:4381", "authorization_servers": [.string(ScriptedPeer.issuer)]]))
        peer.answer("https://127.0.0.1:4381/.well-known/oauth-protected-resource/mcp", with: HTTPAnswer(status: 404))
        peer.answer(ScriptedPeer.server, with: HTTPAnswer(status: 401, fields: ["WWW-Authenticate": "Bearer"]))
        _ = try? await client().call("a", arguments: [:])
        #expect(peer.tokenRequests.first?.body.hasSuffix("resource=https%3A%2F%2F127.0.0.1%3A4381") == true)
    }

    @Test("A path issuer with only an OpenID document, in its last place, is found")
    func openID() async throws {
        let issuer = ScriptedPeer.issuer + "/tenant"
        peer.accept(["token-1"])
        peer.answer(
            issuer + "/.well-known/openid-configuration",
            with: ScriptedPeer.json(["issuer": .string(issuer), "token_endpoint": .string(ScriptedPeer.issuer + "/oauth/token")]))
        _ = try await client(issuer: issuer).call("a", arguments: [:])
        #expect(
            peer.seen.prefix(3).map(\.address) == [
                ScriptedPeer.issuer + "/.well-known/oauth-authorization-server/tenant",
                ScriptedPeer.issuer + "/.well-known/openid-configuration/tenant", issuer + "/.well-known/openid-configuration",
            ])
    }

    @Test("A document about another issuer ends the search: the next place is not tried")
    func mismatch() async throws {
        peer.answer(
            ScriptedPeer.issuer + "/.well-known/oauth-authorization-server",
            with: ScriptedPeer.json(["issuer": "https://other.example", "token_endpoint": "https://other.example/t"]))
        await #expect(throws: ClientError.self) { try await client(issuer: ScriptedPeer.issuer).call("a", arguments: [:]) }
        #expect(peer.seen.map(\.address) == [ScriptedPeer.issuer + "/.well-known/oauth-authorization-server"])
    }
}
