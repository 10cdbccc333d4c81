import Auth
import Client
import MCP
import Synchronization
import Testing

import struct Foundation.Date
import enum OAuth.Base64URL
import struct OAuth.DPoPKey

@Suite("Token cache")
struct TokenCacheTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private var file: String { scratch.path("cache") }

    private var cache: TokenCache { TokenCache(path: file, policy: .standard, clock: .system, report: { _ in }) }

    private func client(_ login: ScriptedLogin, bend: (inout ClientParts) -> Void = { _ in }) throws -> MCPClient {
        try login.client(clock: .system, oauth: { $0.cache = file }, bend: bend)
    }

    /// An entry for that login, whose access token has ended or not.
    private func put(_ login: ScriptedLogin, isExpired: Bool, issuer: String? = nil) throws {
        let (access, refresh) = login.grant()
        let owner = CachedTokens.Owner(issuer: issuer ?? login.issuer, resource: login.server, clientID: "desk")
        let since = Date().addingTimeInterval(isExpired ? -4000 : 0)
        try cache.update { content in
            content.tokens[owner] = CachedTokens(
                owner: owner, accessToken: Secret(access), since: since, lifetime: 3600, refreshToken: Secret(refresh),
                scopes: ["mcp:read"],
                key: nil)
        }
    }

    @Test("Tokens and registrations are kept for the next process, in a file for its owner alone")
    func kept() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(metadata: ["registration_endpoint": "https://127.0.0.1:4400/register"]))
        for _ in 0..<2 {
            let client = try login.client(clock: .system) { oauth in
                oauth.clientID = nil
                oauth.dynamicRegistration = true
                oauth.cache = file
            }
            #expect(await ScriptedLogin.failure(client) == nil)
        }
        #expect(login.registrations.count == 1)
        #expect(login.authorizations.count == 1)
        #expect(login.tokenRequests.count == 1)
        #expect(try scratch.mode("cache") == 0o600)
        #expect(try scratch.mode("cache.lock") == 0o600)
        #expect(try scratch.names.allSatisfy { $0 == "cache" || $0.hasPrefix("cache.") && $0.hasSuffix(".lock") })
    }

    @Test(
        "What is no token cache is refused, and stays as it is",
        arguments: [
            "{}", "[]", "{", "secret notes", #"{"mcp_client_cache":2,"tokens":[],"registrations":[]}"#,
            #"{"mcp_client_cache":1,"tokens":[{"issuer":"a"}],"registrations":[]}"#, #"{"mcp_client_cache":1}"#,
        ])
    func foreign(text: String) async throws {
        try scratch.write(text, to: "cache")
        let login = ScriptedLogin()
        guard case .local(let message) = await ScriptedLogin.failure(try client(login)) else {
            Issue.record("accepted")
            return
        }
        #expect(message.hasPrefix(file))
        #expect(!message.contains("notes"))
        #expect(try scratch.read("cache") == text)
        #expect(login.tokenRequests.isEmpty && login.authorizations.isEmpty)
    }

    @Test("A file that others may read is told, and is private again after the next change")
    func mode() throws {
        let said = Counter()
        var policy = CachePolicy.standard
        policy.mode = 0o644
        let open = TokenCache(path: file, policy: policy, clock: .system, report: { _ in said.add() })
        try open.update { _ in }
        #expect(try scratch.mode("cache") == 0o644)
        _ = try open.read()
        #expect(said.count == 1)
        try cache.update { _ in }
        #expect(try scratch.mode("cache") == 0o600)
    }

    @Test("Refresh token and secret of one issuer are never sent to another that the server names later")
    func migration() async throws {
        let login = ScriptedLogin()
        try put(login, isExpired: true, issuer: "https://old.example")
        let error = await ScriptedLogin.failure(try client(login))
        #expect(error?.kind == "protocol")
        #expect(login.tokenRequests.isEmpty && login.authorizations.isEmpty)
        // A client that registers itself does so there, and leaves the old tokens alone.
        let moved = ScriptedLogin(ScriptedLogin.Script(metadata: ["registration_endpoint": "https://127.0.0.1:4400/register"]))
        let client = try moved.client(clock: .system) { oauth in
            oauth.clientID = nil
            oauth.dynamicRegistration = true
            oauth.cache = file
        }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(moved.registrations.count == 1)
        #expect(moved.tokenRequests.allSatisfy { $0["refresh_token"] == nil && $0["client_id"] == "registered-1" })
        #expect(try cache.read().tokens.count == 2)
    }

    @Test("Eight clients, one token that has ended, one rotating refresh token: one request, eight answers", arguments: [0, 2])
    func stampede(busy: Int) async throws {
        let login = ScriptedLogin()
        try put(login, isExpired: true)
        login.revokeAccess()
        login.change { $0.tokenAnswers = Array(repeating: HTTPAnswer(status: 503, fields: ["Retry-After": "0"]), count: busy) }
        let failures = try await withThrowingTaskGroup(of: ClientError?.self) { group in
            for _ in 0..<8 {
                let client = try client(login)
                group.addTask { await ScriptedLogin.failure(client) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures == Array(repeating: nil, count: 8))
        #expect(login.tokenRequests.count == 1 + busy)
        #expect(login.tokenRequests.allSatisfy { $0["refresh_token"] == "refresh-1" })
        #expect(login.authorizations.isEmpty)
        #expect(try cache.read().tokens.values.first?.refreshToken?.reveal() == "refresh-2")
    }

    @Test("Without the lock two such clients use one refresh token twice, and sign the person out")
    func unlocked() async throws {
        let login = ScriptedLogin()
        try put(login, isExpired: true)
        login.revokeAccess()
        let asking = Counter()
        let exchange: HTTPExchange = { (call) async throws(ClientError) in
            if call.address.path == "/token" {
                asking.add()
                while asking.count < 2 { await Task.yield() }
            }
            return login.answer(call)
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<2 {
                let client = try login.client(
                    clock: .system, oauth: { $0.cache = file }, bend: { $0.cache.lock = { (_, _, _) async throws(ClientError) in {} } },
                    exchange: exchange)
                group.addTask { _ = await ScriptedLogin.failure(client) }
            }
            try await group.waitForAll()
        }
        #expect(login.tokenRequests.count >= 2)
        #expect(login.refreshToken == nil || !login.authorizations.isEmpty)
    }

    @Test("A loser uses the winner's tokens, and takes nothing of theirs away")
    func loser() async throws {
        let login = ScriptedLogin()
        try put(login, isExpired: true)
        login.revokeAccess()
        login.change { $0.tokenAnswers = [ScriptedPeer.json(["error": "invalid_grant"], status: 400)] }
        // Between this client's question and the answer somebody who knows no lock has refreshed.
        let exchange: HTTPExchange = { (call) async throws(ClientError) in
            if call.address.path == "/token" { try? put(login, isExpired: false) }
            return login.answer(call)
        }
        let client = try login.client(clock: .system, oauth: { $0.cache = file }, exchange: exchange)
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.tokenRequests.compactMap { $0["refresh_token"] } == ["refresh-1"])
        #expect(login.authorizations.isEmpty)
        #expect(try cache.read().tokens.values.first?.refreshToken?.reveal() == "refresh-2")
    }

    @Test("Eight clients that nobody has logged in for ask one person once; a login elsewhere holds up nobody")
    func oneLogin() async throws {
        let login = ScriptedLogin()
        // Somebody is logging in for another resource of the same cache.
        let other = ScriptedLogin(server: "https://127.0.0.1:4382/mcp")
        let (waiting, wait) = AsyncStream.makeStream(of: String.self)
        let slow = try other.client(clock: .system, oauth: { $0.cache = file }, bend: { $0.invite = { wait.yield($0) } })
        async let late = ScriptedLogin.failure(slow)
        var invitation = ""
        for await text in waiting {
            invitation = text
            break
        }
        let failures = try await withThrowingTaskGroup(of: ClientError?.self) { group in
            for _ in 0..<8 {
                let client = try client(login)
                group.addTask { await ScriptedLogin.failure(client) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures == Array(repeating: nil, count: 8))
        #expect(login.authorizations.count == 1)
        #expect(login.tokenRequests.count == 1)
        other.invite(invitation)
        #expect(await late == nil)
    }

    @Test("A lock that somebody keeps is waited for as long as is said")
    func deadline() async throws {
        let lock = scratch.path("lock")
        let release = try await CacheLock.take(lock, within: .seconds(5), clock: .system)
        await #expect(throws: ClientError.self) { try await CacheLock.take(lock, within: .milliseconds(30), clock: .system) }
        release()
        try await CacheLock.take(lock, within: .seconds(5), clock: .system)()
    }

    @Test("While another process keeps the lock, a token that is still good is used")
    func contended() async throws {
        let login = ScriptedLogin()
        try put(login, isExpired: false)
        try cache.update { content in
            // Due for renewal, and good for nearly a minute.
            for owner in content.tokens.keys { content.tokens[owner]?.since.addTimeInterval(-3542) }
        }
        let release = try await CacheLock.take(file + ".lock", within: .seconds(5), clock: .system)
        let client = try client(login)
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.tokenRequests.isEmpty)
        release()
    }

    @Test("A token that another process has widened is used, and nobody logs in again")
    func widened() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(resourceScopes: ["mcp:read"]))
        let (one, other) = (try client(login), try client(login))
        #expect(await ScriptedLogin.failure(one) == nil)
        #expect(await ScriptedLogin.failure(other) == nil)
        login.change { $0.needs = ["mcp:write"] }
        #expect(await ScriptedLogin.failure(one) == nil)
        #expect(await ScriptedLogin.failure(other) == nil)
        #expect(login.authorizations.count == 2)
    }

    @Test("A key that tokens are bound to is kept with them, and the next process proves with it")
    func boundTokens() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(tokenType: "DPoP"))
        for _ in 0..<2 {
            let client = try login.client(clock: .system) { oauth in
                oauth.dpop = true
                oauth.cache = file
            }
            #expect(await ScriptedLogin.failure(client) == nil)
            try cache.update { content in
                for owner in content.tokens.keys { content.tokens[owner]?.since.addTimeInterval(-4000) }
            }
        }
        #expect(login.tokenRequests.compactMap { $0["grant_type"] } == ["authorization_code", "refresh_token"])
        let keys = try cache.read().tokens.values.compactMap(\.key)
        #expect(keys.count == 1)
        let proofs = login.tokenFields.compactMap { $0["DPoP"] }
        let jwks = try proofs.map { proof in
            let header = try #require(proof.split(separator: ".").first.flatMap { Base64URL.decode($0) })
            return try JSONValue(parsing: header)["jwk"]
        }
        #expect(jwks.count == 2 && Set(jwks).count == 1)
        #expect(login.authorizations.count == 1)
        #expect(login.authorizations.first?["dpop_jkt"] == (try DPoPKey(pem: try #require(keys.first).reveal()).thumbprint))
        // Without the key they are of no use: a client that does not bind its tokens asks for its own.
        #expect(await ScriptedLogin.failure(try client(login))?.kind == "protocol")
        #expect(login.authorizations.count == 2)
    }

    @Test("What a process that was killed while it wrote has left is taken away by the next")
    func leftOver() throws {
        try scratch.write("secret", to: "cache.999999999-1.tmp")
        try scratch.write("of somebody who is there", to: "cache.1-1.tmp")
        try cache.update { _ in }
        #expect(try scratch.names == ["cache", "cache.1-1.tmp"])
    }
}
