import Auth
import Client
import MCP
import Testing

@Suite("Refresh tokens")
struct RefreshTokenTests {
    private let clock = ScriptedClock()

    @Test("A minute before its end the token is renewed with the refresh token, and each new one replaces the last")
    func rotation() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(needs: ["mcp:read"]))
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        for round in 2...4 {
            clock.advance(3541)
            #expect(await ScriptedLogin.failure(client) == nil)
            let request = try #require(login.tokenRequests.last)
            #expect(login.tokenRequests.count == round)
            #expect(request["grant_type"] == "refresh_token")
            #expect(request["refresh_token"] == "refresh-\(round - 1)")
            #expect(request["resource"] == login.server)
            #expect(request["client_id"] == "desk")
            // Left out, it stays what it was.
            #expect(request["scope"] == nil)
        }
        #expect(login.authorizations.count == 1)
        #expect(await client.tokenRequests == 4)
    }

    @Test("After a 401 the token is renewed once, and nobody logs in again")
    func refused() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.revokeAccess()
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.tokenRequests.compactMap { $0["grant_type"] } == ["authorization_code", "refresh_token"])
        #expect(login.authorizations.count == 1)
    }

    @Test("A refresh token that has ended costs one login, and is not sent again")
    func ended() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.endGrant()
        login.revokeAccess()
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(
            login.tokenRequests.compactMap { $0["grant_type"] } == ["authorization_code", "refresh_token", "authorization_code"])
        #expect(login.authorizations.count == 2)
    }

    @Test(
        "An issuer in trouble, too busy, or not understanding costs no tokens",
        arguments: [
            HTTPAnswer(status: 500), HTTPAnswer(status: 502), HTTPAnswer(status: 429),
            HTTPAnswer(status: 503, fields: ["Retry-After": "3600"]),
            HTTPAnswer(status: 200, fields: ["Content-Type": "application/json"], body: Array("<html>".utf8)),
            ScriptedPeer.json(["error": "temporarily_unavailable"], status: 400),
            ScriptedPeer.json(["error": "invalid_client"], status: 401),
        ])
    func trouble(answer: HTTPAnswer) async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.revokeAccess()
        login.change { $0.tokenAnswers = Array(repeating: answer, count: 4) }
        #expect(await ScriptedLogin.failure(client) != nil)
        login.change { $0.tokenAnswers = [] }
        clock.advance(3600)
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.count == 1)
        #expect(login.tokenRequests.last?["refresh_token"] == "refresh-1")
    }

    @Test("Wiping tokens on any failure is what that rule prevents")
    func wiping() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock, bend: { $0.cache.ends = { _ in true } })
        #expect(await ScriptedLogin.failure(client) == nil)
        login.revokeAccess()
        login.change { $0.tokenAnswers = [HTTPAnswer(status: 500)] }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.count == 2)
    }

    @Test("Refused twice with 503, the client waits as it is asked to, and then gets its token")
    func twiceBusy() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.revokeAccess()
        login.change {
            $0.tokenAnswers = [HTTPAnswer(status: 503, fields: ["Retry-After": "3"]), HTTPAnswer(status: 503)]
        }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(clock.waited.count == 2)
        #expect(clock.waited[0] >= .seconds(3) && clock.waited[1] >= .milliseconds(400))
        #expect(login.tokenRequests.count == 4)
        #expect(login.authorizations.count == 1)
    }

    @Test("An issuer that is always busy is asked four times, and not when it wants more time than there is")
    func alwaysBusy() async throws {
        let login = ScriptedLogin()
        login.change { $0.tokenAnswers = Array(repeating: HTTPAnswer(status: 429), count: 10) }
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client)?.status == 429)
        #expect(login.tokenRequests.count == 4)
        login.change { $0.tokenAnswers = [HTTPAnswer(status: 429, fields: ["Retry-After": "60"])] }
        clock.advance(60)
        #expect(await ScriptedLogin.failure(client)?.status == 429)
        #expect(login.tokenRequests.count == 5)
    }

    @Test("While nobody renews it, a token is used to its end, and the issuer is not asked for each call")
    func outage() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.change { $0.tokenAnswers = Array(repeating: HTTPAnswer(status: 500), count: 100) }
        clock.advance(3545)
        for _ in 0..<20 { #expect(await ScriptedLogin.failure(client) == nil) }
        #expect(login.tokenRequests.count <= 3)
        clock.advance(60)
        #expect(await ScriptedLogin.failure(client)?.kind == "transport")
    }

    @Test("Without a refresh token nobody is asked to log in before the access token has ended")
    func noRefreshToken() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(givesRefreshTokens: false))
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        clock.advance(3590)
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.count == 1)
        clock.advance(11)
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.count == 2)
    }

    @Test("A refresh token that could not be sent back is refused with the whole answer")
    func odd() async throws {
        let login = ScriptedLogin()
        login.change {
            $0.tokenAnswers = [ScriptedPeer.json(["access_token": "a", "token_type": "Bearer", "refresh_token": "a\u{0}b"])]
        }
        #expect(await ScriptedLogin.failure(try login.client(clock: clock.clock))?.kind == "protocol")
    }
}
