import Auth
import Foundation
import Issuer
import OAuth
import Store
import Testing

@Suite("The refresh token grant")
struct RefreshGrantTests {
    private let bench: GrantBench

    init() async throws { bench = try await GrantBench() }

    /// What `app` got for a code.
    private func granted(proof: String? = nil) async throws -> GrantBench.Answer {
        try await bench.token(try await bench.code().form(), proof: proof)
    }

    @Test("Each refresh gives another refresh token and a token of the same user; the tokens before stay what they were")
    func rotation() async throws {
        let first = try await granted()
        var tokens = [first.refresh]
        for generation in 1...5 {
            let answer = try await bench.refresh(tokens[generation - 1], to: bench.endpoints(at: later(Double(generation) * 100)))
            #expect(answer.status == 200)
            #expect(try await bench.introspect(answer.access)["sub"] == .string("alice"))
            tokens.append(answer.refresh)
        }
        #expect(Set(tokens).count == 6)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 })
        #expect(try await bench.isActive(first.access))
    }

    @Test("An older generation ends the whole family, the newest token and the access tokens too")
    func reuse() async throws {
        let first = try await granted()
        let twin = try await granted()
        let second = try await bench.refresh(first.refresh)
        let third = try await bench.refresh(second.refresh)
        #expect(try await bench.isActive(third.access))
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await bench.refresh(third.refresh).error == "invalid_grant")
        #expect(try await bench.isActive(third.access) == false)
        #expect(try await bench.isActive(first.access) == false)
        #expect(try await bench.refresh(twin.refresh).status == 200)
    }

    @Test("The token before, presented again within the grace, is answered with the same successor and a working token")
    func grace() async throws {
        let first = try await granted()
        let lost = try await bench.refresh(first.refresh)
        let retried = try await bench.refresh(first.refresh, to: bench.endpoints(at: later(9.9)))
        #expect(retried.status == 200)
        #expect(retried.refresh == lost.refresh)
        #expect(retried.access != lost.access)
        #expect(try await bench.isActive(retried.access))
        #expect(try await bench.refresh(retried.refresh).status == 200)
    }

    @Test("Behind the grace, after the successor was used, or without a grace, the token before ends the family")
    func graceEnds() async throws {
        let late = try await granted()
        let successor = try await bench.refresh(late.refresh)
        #expect(try await bench.refresh(late.refresh, to: bench.endpoints(at: later(10))).error == "invalid_grant")
        #expect(try await bench.refresh(successor.refresh).error == "invalid_grant")
        let used = try await granted()
        let next = try await bench.refresh(try await bench.refresh(used.refresh).refresh)
        #expect(try await bench.refresh(used.refresh, to: bench.endpoints(at: later(1))).error == "invalid_grant")
        #expect(try await bench.refresh(next.refresh).error == "invalid_grant")
        let strict = bench.endpoints(bend: { $0.refreshUse = .standard(grace: 0) })
        let once = try await granted()
        #expect(try await bench.refresh(once.refresh, to: strict).status == 200)
        #expect(try await bench.refresh(once.refresh, to: strict).error == "invalid_grant")
    }

    @Test("20 parallel refreshes get one successor, and it works", .timeLimit(.minutes(1)))
    func race() async throws {
        let first = try await granted()
        let endpoints = bench.endpoints()
        let answers = try await withThrowingTaskGroup(of: GrantBench.Answer.self) { group in
            for _ in 0..<20 { group.addTask { [bench] in try await bench.refresh(first.refresh, to: endpoints) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(Set(answers.map(\.refresh)).count == 1)
        #expect(try await bench.refresh(answers[0].refresh).status == 200)
    }

    @Test("The scope may narrow and come back, and never widen")
    func scope() async throws {
        let code = try await bench.code { $0.scopes = ["mcp:read"] }
        let narrow = try await bench.token(code.form())
        #expect(try await bench.refresh(narrow.refresh, ["scope": "mcp:write"]).error == "invalid_scope")
        #expect(try await bench.refresh(narrow.refresh, ["scope": "mcp:read mcp:write"]).error == "invalid_scope")
        let wide = try await granted()
        let answer = try await bench.refresh(wide.refresh, ["scope": "mcp:read"])
        #expect(answer.scope == "mcp:read")
        #expect(try await bench.introspect(answer.access)["scope"] == .string("mcp:read"))
        #expect(try await bench.refresh(answer.refresh).scope == "mcp:read mcp:write")
    }

    @Test(
        "A refresh with one thing wrong is refused, and uses the token up for nobody",
        arguments: [
            (["refresh_token": "unknown"], "invalid_grant"), (["refresh_token": ""], "invalid_request"),
            (["client_id": "other"], "invalid_grant"), (["client_id": "nobody"], "invalid_client"),
            (["client_id": "web"], "invalid_client"), (["scope": "mcp:execute"], "invalid_scope"), (["scope": "\"x"], "invalid_scope"),
            (["scope": " "], "invalid_scope"), (["resource": "https://b.example/mcp"], "invalid_target"),
            (["grant_type": "authorization_code"], "invalid_request"),
        ])
    func refused(bent: [String: String], code: String) async throws {
        let first = try await granted()
        #expect(try await bench.refresh(first.refresh, bent).error == code)
        #expect(try await bench.refresh(first.refresh).status == 200)
    }

    @Test("Another client that has its secret does not refresh this one's token, and ends nothing")
    func foreign() async throws {
        let first = try await granted()
        let second = try await bench.refresh(first.refresh)
        for token in [first.refresh, second.refresh] {
            #expect(try await bench.refresh(token, client: nil, basic: ("web", bench.secret)).error == "invalid_grant")
        }
        #expect(try await bench.refresh(second.refresh).status == 200)
    }

    @Test("A refresh token lives as long as somebody uses it in time")
    func idle() async throws {
        let issuing = { (now: Date) in self.bench.endpoints(at: now, configure: { $0.refreshLifetimeSeconds = 100 }) }
        let first = try await bench.token(try await bench.code().form(), to: issuing(start))
        let second = try await bench.refresh(first.refresh, to: issuing(later(99)))
        #expect(second.status == 200)
        let third = try await bench.refresh(second.refresh, to: issuing(later(198)))
        #expect(third.status == 200)
        #expect(try await bench.refresh(third.refresh, to: issuing(later(298))).error == "invalid_grant")
        #expect(try await bench.store.grants().map(\.expiresAt) == [later(198 + 3600)])
    }

    @Test("A revoked grant, and a client that is disabled, refresh no more")
    func withdrawn() async throws {
        let (first, second, third) = (try await granted(), try await granted(), try await granted())
        let grants = try await bench.store.grants()
        #expect(grants.count == 3)
        let id = try #require(try await bench.store.refreshState(hash: ClientSecret.hash(Secret(first.refresh)))?.grant.id)
        #expect(try await bench.store.revokeGrant(id, now: start))
        #expect(try await bench.store.revokeGrant(id, now: start) == false)
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await bench.refresh(second.refresh).status == 200)
        #expect(try await bench.store.revokeGrants(user: "alice", client: "other", now: start) == 0)
        #expect(try await bench.store.revokeGrants(user: "alice", client: "app", now: start) == 2)
        #expect(try await bench.isActive(third.access) == false)
        let fourth = try await granted()
        _ = try await bench.administration().disable("app")
        #expect(try await bench.refresh(fourth.refresh).error == "invalid_client")
    }

    @Test("A disabled user's tokens and codes are worth nothing until he is enabled")
    func disabledUser() async throws {
        let first = try await granted()
        let code = try await bench.code()
        _ = try await bench.store.disableUser("alice", now: start)
        #expect(try await bench.isActive(first.access) == false)
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await bench.token(code.form()).error == "invalid_grant")
        try await bench.store.enableUser("alice")
        #expect(try await bench.isActive(first.access))
        #expect(try await bench.refresh(first.refresh).status == 200)
        #expect(try await bench.token(code.form()).status == 200)
    }

    @Test("A public client's refresh token is bound to the key of its first proof")
    func boundToKey() async throws {
        let (own, thief) = (DPoPKey(), DPoPKey())
        func proof(_ key: DPoPKey) throws -> String {
            try key.proof(method: "POST", url: GrantBench.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
        }
        let first = try await granted(proof: try proof(own))
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await bench.refresh(first.refresh, proof: try proof(thief)).error == "invalid_grant")
        let second = try await bench.refresh(first.refresh, proof: try proof(own))
        #expect(second.members["token_type"] == .string("DPoP"))
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await bench.refresh(second.refresh, proof: try proof(own)).status == 200)
    }

    @Test("A client with a secret may prove another key from one refresh to the next")
    func changedKey() async throws {
        func proof() throws -> String {
            try DPoPKey().proof(method: "POST", url: GrantBench.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
        }
        let web = ("web", bench.secret)
        let code = try await bench.code(client: "web").form(["client_id": nil])
        let first = try await bench.token(code, basic: web, proof: try proof())
        let second = try await bench.refresh(first.refresh, client: nil, basic: web, proof: try proof())
        #expect(second.status == 200)
        #expect(second.members["token_type"] == .string("DPoP"))
    }

    @Test("A refresh token is revoked with its grant, an access token alone; a public client does so for itself")
    func revocation() async throws {
        let (first, second) = (try await granted(), try await granted())
        let endpoints = bench.endpoints()
        func revoke(_ token: String, client: String = "app", hint: String = "access_token") async throws -> Int {
            let form = ["token": token, "client_id": client, "token_type_hint": hint]
            return try await bench.post("/oauth/revoke", form, to: endpoints).status
        }
        #expect(try await revoke(first.refresh, client: "other") == 400)
        #expect(try await revoke(first.access, client: "other") == 400)
        #expect(try await revoke(first.refresh, client: "web") == 401)
        #expect(try await bench.isActive(first.access))
        #expect(try await revoke(first.refresh) == 200)
        #expect(try await bench.isActive(first.access) == false)
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await revoke(first.refresh) == 200)
        #expect(try await revoke(second.access, hint: "refresh_token") == 200)
        #expect(try await bench.isActive(second.access) == false)
        #expect(try await bench.refresh(second.refresh).status == 200)
        #expect(try await revoke("unknown") == 200)
    }

    @Test("Nobody is told that a refresh token is active, and a public client is told nothing")
    func introspection() async throws {
        let first = try await granted()
        #expect(try await bench.introspect(first.refresh) == ["active": .bool(false)])
        let asked = try await bench.post(
            "/oauth/introspect", ["token": first.access, "client_id": "app"], to: bench.endpoints())
        #expect(asked.status == 403)
        var curious = GrantBench.client("curious", .none)
        curious.mayIntrospect = true
        _ = try await bench.administration().add(curious)
        let refused = try await bench.post(
            "/oauth/introspect", ["token": first.access, "client_id": "curious"], to: bench.endpoints())
        #expect(refused.status == 403)
        #expect(refused.error == "unauthorized_client")
    }

    @Test("Nothing that opens a door is in the store")
    func hashes() async throws {
        let code = try await bench.code()
        let first = try await bench.token(code.form())
        let second = try await bench.refresh(first.refresh)
        let bytes =
            try Data(contentsOf: URL(fileURLWithPath: bench.store.path)) + Data(contentsOf: URL(fileURLWithPath: bench.store.path + "-wal"))
        for secret in [code.text, code.verifier.reveal(), first.refresh, first.access, second.refresh, second.access, bench.secret] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
            if let raw = Base64URL.decode(secret) { #expect(bytes.range(of: Data(raw)) == nil) }
        }
    }

    @Test("One rule bent changes that one thing: no end of the family, or no rotation")
    func bent() async throws {
        let lax = bench.endpoints(bend: { parts in
            parts.refreshUse = RefreshUseRule { state, _ in state.token.usedAt == nil ? .rotate : .refuse }
        })
        let first = try await granted()
        let second = try await bench.refresh(first.refresh, to: lax)
        #expect(try await bench.refresh(first.refresh, to: lax).error == "invalid_grant")
        #expect(try await bench.refresh(second.refresh, to: lax).status == 200)
        let still = bench.endpoints(bend: { parts in
            parts.successor = { token, _ in token }
            parts.refreshUse = RefreshUseRule { _, _ in .again }
        })
        let fixed = try await granted()
        #expect(try await bench.refresh(fixed.refresh, to: still).refresh == fixed.refresh)
        #expect(try await bench.refresh(fixed.refresh, to: still).refresh == fixed.refresh)
    }
}
