import Auth
import Client
import MCP
import Testing

@Suite("MCPClient")
struct MCPClientTests {
    private let peer = ScriptedPeer()
    private let clock = ScriptedClock()

    private func client(issuer: String? = nil, bend: (inout ClientParts) -> Void = { _ in }) throws -> MCPClient {
        var configuration = ClientConfiguration(server: try #require(WebAddress(ScriptedPeer.server)), scheme: .oauth)
        configuration.oauth = OAuthConfiguration(
            issuer: issuer.flatMap(WebAddress.init), clientID: "al ice", clientSecret: .given("s:cret"))
        var parts = ClientParts.standard(report: { _ in })
        parts.clock = clock.clock
        bend(&parts)
        return MCPClient(configuration, parts: parts, exchange: peer.exchange)
    }

    private func failure(_ client: MCPClient) async -> ClientError? {
        do throws(ClientError) {
            _ = try await client.call("canary.read", arguments: [:])
            return nil
        } catch {
            return error
        }
    }

    @Test("From the 401 the client finds the issuer, gets a token for this server and calls again")
    func discovery() async throws {
        peer.accept(["token-1"])
        #expect(await failure(try client()) == nil)
        #expect(peer.serverCalls.map(\.authorization) == [nil, "Bearer token-1"])
        let request = try #require(peer.tokenRequests.first)
        #expect(peer.tokenRequests.count == 1)
        #expect(request.body == "grant_type=client_credentials&scope=mcp%3Aread&resource=https%3A%2F%2F127.0.0.1%3A4381%2Fmcp")
        #expect(request.fields["Content-Type"] == "application/x-www-form-urlencoded")
        // RFC 6749 section 2.3.1: al%20ice:s%3Acret
        #expect(request.authorization == "Basic YWwlMjBpY2U6cyUzQWNyZXQ=")
    }

    @Test("A 401 costs one new token and one more call, and then stands")
    func recovery() async throws {
        let client = try client(issuer: ScriptedPeer.issuer)
        let error = await failure(client)
        #expect(error == .refused(ClientRefusal(by: .server, status: 401, error: "invalid_token", scopes: ["mcp:read"])))
        #expect(peer.serverCalls.map(\.authorization) == ["Bearer token-1", "Bearer token-2"])
        #expect(await client.tokenRequests == 2)
    }

    @Test("A token that was revoked under eight calls at once is replaced once")
    func revokedUnderMany() async throws {
        let client = try client(issuer: ScriptedPeer.issuer)
        peer.accept(["token-1"])
        #expect(await failure(client) == nil)
        peer.accept(["token-2"])
        await withTaskGroup(of: ClientError?.self) { group in
            for _ in 0..<8 { group.addTask { await failure(client) } }
            for await error in group { #expect(error == nil) }
        }
        #expect(await client.tokenRequests == 2)
    }

    @Test("A redirect is refused, and nobody else is asked", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        peer.answer(ScriptedPeer.server, with: HTTPAnswer(status: status, fields: ["Location": "https://127.0.0.1:9999/mcp"]))
        let error = await failure(try client(issuer: ScriptedPeer.issuer))
        #expect(error?.kind == "protocol")
        #expect(error?.status == status)
        #expect(peer.seen.allSatisfy { !$0.address.contains("9999") })
    }

    @Test(
        "Metadata of another resource is refused before any secret is sent",
        arguments: ["https://127.0.0.1:4381/mcp/", "https://127.0.0.1:4381", "https://other.example/mcp", "HTTPS://127.0.0.1:4381/mcp", ""])
    func resourceMismatch(resource: String) async throws {
        peer.answer(
            "https://127.0.0.1:4381/.well-known/oauth-protected-resource/mcp",
            with: ScriptedPeer.json(["resource": .string(resource), "authorization_servers": [.string(ScriptedPeer.issuer)]]))
        #expect(await failure(try client())?.kind == "protocol")
        #expect(peer.tokenRequests.isEmpty)
        #expect(peer.seen.allSatisfy { !$0.address.hasPrefix(ScriptedPeer.issuer) })
    }

    @Test(
        "Metadata of another issuer is refused before any secret is sent",
        arguments: ["https://127.0.0.1:4400/", "https://127.0.0.1:4401", "HTTPS://127.0.0.1:4400"])
    func issuerMismatch(issuer: String) async throws {
        peer.answer(
            ScriptedPeer.issuer + "/.well-known/oauth-authorization-server",
            with: ScriptedPeer.json(["issuer": .string(issuer), "token_endpoint": .string(ScriptedPeer.issuer + "/oauth/token")]))
        #expect(await failure(try client())?.kind == "protocol")
        #expect(peer.tokenRequests.isEmpty)
    }

    @Test("Without that check the mismatch goes through: the check is what refuses it")
    func issuerMismatchUnchecked() async throws {
        peer.accept(["token-1"])
        peer.answer(
            ScriptedPeer.issuer + "/.well-known/oauth-authorization-server",
            with: ScriptedPeer.json(["issuer": "https://other.example", "token_endpoint": .string(ScriptedPeer.issuer + "/oauth/token")]))
        #expect(await failure(try client { $0.issuerChecks = $0.issuerChecks.dropping("issuer") }) == nil)
    }

    @Test(
        "A secret goes to no token endpoint over plain HTTP or in a private network",
        arguments: [
            "http://127.0.0.1:4400/oauth/token", "http://issuer.example/t", "https://169.254.169.254/t", "https://10.0.0.1/t",
            "/oauth/token",
        ])
    func endpoint(address: String) async throws {
        peer.answer(
            ScriptedPeer.issuer + "/.well-known/oauth-authorization-server",
            with: ScriptedPeer.json(["issuer": .string(ScriptedPeer.issuer), "token_endpoint": .string(address)]))
        #expect(await failure(try client())?.kind == "protocol")
        #expect(peer.seen.allSatisfy { $0.authorization == nil })
    }

    @Test("A challenge that points elsewhere is not followed")
    func foreignMetadata() async throws {
        peer.answer(
            ScriptedPeer.server,
            with: HTTPAnswer(status: 401, fields: ["WWW-Authenticate": #"Bearer resource_metadata="https://169.254.169.254/latest""#]))
        #expect(await failure(try client())?.kind == "protocol")
        #expect(peer.seen.count == 1)
    }

    @Test(
        "A token of another type, or one that could not be sent, is not used",
        arguments: [
            ["access_token": "a", "token_type": "DPoP"], ["access_token": "a", "token_type": "mac"], ["access_token": "a"],
            ["access_token": "a\r\nX: y", "token_type": "Bearer"], ["access_token": "", "token_type": "Bearer"], ["token_type": "Bearer"],
            ["access_token": 7, "token_type": "Bearer"],
        ] as [JSONValue])
    func oddToken(document: JSONValue) async throws {
        peer.answer(ScriptedPeer.issuer + "/oauth/token", with: ScriptedPeer.json(document))
        #expect(await failure(try client(issuer: ScriptedPeer.issuer))?.kind == "protocol")
        #expect(peer.serverCalls.isEmpty)
    }

    @Test("The issuer's refusal is told apart from its trouble and from nonsense")
    func issuerErrors() async throws {
        let endpoint = ScriptedPeer.issuer + "/oauth/token"
        peer.answer(endpoint, with: ScriptedPeer.json(["error": "invalid_client"], status: 401))
        #expect(
            await failure(try client(issuer: ScriptedPeer.issuer))
                == .refused(ClientRefusal(by: .issuer, status: 401, error: "invalid_client")))
        peer.answer(endpoint, with: HTTPAnswer(status: 500))
        #expect(await failure(try client(issuer: ScriptedPeer.issuer))?.kind == "transport")
        peer.answer(endpoint, with: HTTPAnswer(status: 200, body: Array("<html>".utf8)))
        #expect(await failure(try client(issuer: ScriptedPeer.issuer))?.kind == "protocol")
    }

    @Test("No error text holds the secret or the token")
    func silence() async throws {
        peer.answer(
            ScriptedPeer.server,
            with: ScriptedPeer.json(
                [
                    "jsonrpc": "2.0", "id": 1,
                    "error": ["code": -1, "message": .string("you sent \(String(repeating: "s3cr3t", count: 10))")],
                ], status: 400))
        let text = String(describing: await failure(try client(issuer: ScriptedPeer.issuer)))
        #expect(!text.contains("s3cr3t") && !text.contains("s:cret") && !text.contains("token-1"))
    }

    @Test(
        "A call that was refused before it was looked at is made again when the server says so, three times at most",
        arguments: [(429, "3", 4, 9), (503, "0", 4, 0), (429, "60", 1, 0), (503, nil, 1, 0), (500, "0", 1, 0)] as [(Int, String?, Int, Int)]
    )
    func busyServer(status: Int, retryAfter: String?, calls: Int, seconds: Int) async throws {
        peer.answer(ScriptedPeer.server, with: HTTPAnswer(status: status, fields: retryAfter.map { ["Retry-After": $0] } ?? [:]))
        #expect(await failure(try client(issuer: ScriptedPeer.issuer))?.status == status)
        #expect(peer.serverCalls.count == calls)
        #expect(clock.waited.reduce(.zero, +) >= .seconds(seconds))
        #expect(clock.waited.count == calls - 1)
    }
}
