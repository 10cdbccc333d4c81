import Auth
import Client
import MCP
import Testing

import struct Foundation.Date

@Suite("CacheKeeper")
struct CacheKeeperTests {
    private let scratch: Scratch
    private let login = ScriptedLogin()

    init() throws { scratch = try Scratch() }

    private func keeper() throws -> CacheKeeper {
        CacheKeeper(
            path: scratch.path("cache"), configuration: nil, parts: .standard(report: { _ in }), exchange: login.exchange)
    }

    private func fill(_ resources: [String]) throws {
        try TokenCache(path: scratch.path("cache"), policy: .standard, clock: .system, report: { _ in }).update { content in
            for resource in resources {
                let owner = CachedTokens.Owner(issuer: login.issuer, resource: resource, clientID: "desk")
                content.tokens[owner] = CachedTokens(
                    owner: owner, accessToken: Secret("access-\(resource)"), since: Date(), lifetime: 60,
                    refreshToken: Secret("refresh-\(resource)"), scopes: ["mcp:read"], key: nil)
            }
            content.registrations[login.issuer] = RegisteredClient(id: "registered", origin: .dynamic, method: "none")
        }
    }

    @Test("What is forgotten is revoked first, and the rest stays")
    func forget() async throws {
        try fill(["a", "b"])
        let forgotten = try await keeper().forget(CacheKeeper.Selection(resource: "a"), revokes: true)
        #expect(forgotten.map(\.owner.resource) == ["a"] && forgotten.allSatisfy(\.isRevoked))
        #expect(login.revocations.compactMap { $0["token"] } == ["refresh-a", "access-a"])
        #expect(login.revocations.compactMap { $0["token_type_hint"] } == ["refresh_token", "access_token"])
        #expect(login.revocations.allSatisfy { $0["client_id"] == "desk" })
        #expect(try keeper().content().tokens.keys.map(\.resource) == ["b"])
        #expect(try keeper().content().registrations.count == 1)
        _ = try await keeper().forget(CacheKeeper.Selection(), revokes: false)
        #expect(login.revocations.count == 2)
        let left = try keeper().content()
        #expect(left.tokens.isEmpty && left.registrations.isEmpty)
    }

    @Test("An issuer that offers no revocation is not asked; one that does not answer keeps its tokens here")
    func issuers() async throws {
        try fill(["a"])
        login.change { $0.wellKnown = "/nowhere" }
        await #expect(throws: ClientError.self) { try await keeper().forget(CacheKeeper.Selection(), revokes: true) }
        #expect(try keeper().content().tokens.count == 1)
        login.change {
            $0.wellKnown = "/.well-known/openid-configuration"
            $0.metadata = ["revocation_endpoint": .null]
        }
        let forgotten = try await keeper().forget(CacheKeeper.Selection(), revokes: true)
        #expect(forgotten.map(\.isRevoked) == [false])
        #expect(try keeper().content().tokens.isEmpty)
    }

    @Test("The summary of tokens shows none of them")
    func summary() throws {
        try fill(["a"])
        let text = try #require(try keeper().content().tokens.values.first).summary.text
        #expect(!text.contains("access-a") && !text.contains("refresh-a"))
        #expect(text.contains(#""refresh_token":true"#))
    }
}
