import Auth
import Client
import MCP
import Testing

@Suite("Scopes and step-up")
struct StepUpTests {
    private let clock = ScriptedClock()

    @Test("Without a word in the challenge all that the resource lists is asked for; without a list, nothing")
    func selection() async throws {
        let listed = ScriptedLogin(ScriptedLogin.Script(resourceScopes: ["b", "a"]))
        #expect(await ScriptedLogin.failure(try listed.client(clock: clock.clock)) == nil)
        #expect(listed.authorizations.first?["scope"] == "a b")
        let silent = ScriptedLogin()
        #expect(await ScriptedLogin.failure(try silent.client(clock: clock.clock)) == nil)
        #expect(silent.authorizations.first?.values["scope"] == nil)
    }

    @Test("The challenge's word comes before the list, and the configuration's before both")
    func precedence() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(needs: ["c"], resourceScopes: ["a", "b"]))
        #expect(await ScriptedLogin.failure(try login.client(clock: clock.clock)) == nil)
        #expect(login.authorizations.last?["scope"] == "c")
        #expect(await ScriptedLogin.failure(try login.client(clock: clock.clock, oauth: { $0.scopes = ["c", "d"] })) == nil)
        #expect(login.authorizations.last?["scope"] == "c d")
    }

    @Test("offline_access is asked for where the issuer lists it, and not elsewhere", arguments: [true, false])
    func offline(isListed: Bool) async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(
                metadata: ["scopes_supported": isListed ? ["mcp:read", "offline_access"] : ["mcp:read"]], needs: ["mcp:read"]))
        #expect(await ScriptedLogin.failure(try login.client(clock: clock.clock)) == nil)
        #expect(login.authorizations.first?["scope"] == (isListed ? "mcp:read offline_access" : "mcp:read"))
    }

    @Test("A call that needs more costs one login for the old scopes and the new ones together")
    func union() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(resourceScopes: ["mcp:read"]))
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.change { $0.needs = ["mcp:write"] }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.compactMap { $0["scope"] } == ["mcp:read", "mcp:read mcp:write"])
        // The refresh token is no way to more.
        #expect(login.tokenRequests.compactMap { $0["grant_type"] } == ["authorization_code", "authorization_code"])
    }

    @Test("An upgrade that does not help is made once, and not again for that operation for a while")
    func vain() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(gives: ["mcp:read"], resourceScopes: ["mcp:read"]))
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.change { $0.needs = ["mcp:write"] }
        let refusal = ClientError.refused(ClientRefusal(by: .server, status: 403, error: "insufficient_scope", scopes: ["mcp:write"]))
        let before = login.serverCalls
        #expect(await ScriptedLogin.failure(client) == refusal)
        #expect(login.serverCalls == before + 2)
        for _ in 0..<5 { #expect(await ScriptedLogin.failure(client) == refusal) }
        #expect(login.authorizations.count == 2)
        #expect(await ScriptedLogin.failure(client, "canary.write") == refusal)
        #expect(login.authorizations.count == 3)
        clock.advance(301)
        #expect(await ScriptedLogin.failure(client) == refusal)
        #expect(login.authorizations.count == 4)
    }

    @Test("A server that always wants something else gets two upgrades a call")
    func endless() {
        let stepUps = StepUps(clock: clock.clock)
        let keys = (0..<3).map { StepUps.Key(resource: "r", operation: "o", scopes: ["s\($0)"]) }
        #expect(stepUps.allows(keys[0], after: []))
        #expect(stepUps.allows(keys[1], after: [keys[0]]))
        #expect(!stepUps.allows(keys[2], after: [keys[0], keys[1]]))
        #expect(!stepUps.allows(keys[0], after: [keys[0]]))
    }

    @Test("A 403 that does not say what it wants is answered with what the resource lists now, if that is more")
    func silent() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(isSilent: true, resourceScopes: ["mcp:read"]))
        let client = try login.client(clock: clock.clock)
        #expect(await ScriptedLogin.failure(client) == nil)
        login.change { $0.needs = ["mcp:write"] }
        #expect(await ScriptedLogin.failure(client)?.status == 403)
        #expect(login.authorizations.count == 1)
        login.change { $0.resourceScopes = ["mcp:read", "mcp:write"] }
        clock.advance(301)
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.compactMap { $0["scope"] } == ["mcp:read", "mcp:read mcp:write"])
    }

    @Test("With configured scopes a 403 stands")
    func configured() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock, oauth: { $0.scopes = ["mcp:read"] })
        #expect(await ScriptedLogin.failure(client) == nil)
        login.change { $0.needs = ["mcp:write"] }
        #expect(await ScriptedLogin.failure(client)?.status == 403)
        #expect(login.authorizations.count == 1)
    }
}
