import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Testing

@Suite("The authorization code grant")
struct CodeGrantTests {
    private let bench: GrantBench

    init() async throws { bench = try await GrantBench() }

    @Test("A redeemed code gives a token of the user, bound to nothing but its grant, and a refresh token")
    func redeemed() async throws {
        let answer = try await bench.token(try await bench.code().form())
        #expect(answer.status == 200)
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.scope == "mcp:read mcp:write")
        #expect(answer.refresh.utf8.count == 43)
        let claims = try OAuth.StrictJSON.parseObject(try #require(Base64URL.decode(answer.access.split(separator: ".")[1])))
        #expect(claims["sub"] == .string("alice"))
        #expect(claims["client_id"] == .string("app"))
        #expect(claims["aud"] == .string(GrantBench.resource))
        var described = try await bench.introspect(answer.access)
        #expect(described.removeValue(forKey: "active") == .bool(true))
        #expect(described.removeValue(forKey: "token_type") == .string("Bearer"))
        #expect(described.removeValue(forKey: "username") == .string("alice"))
        #expect(described == claims)
        let grants = try await bench.store.grants(user: "alice")
        #expect(grants.map(\.clientID) == ["app"])
        #expect(grants.first?.expiresAt == later(30 * 86_400))
    }

    @Test(
        "A redemption with one thing wrong is refused, and uses the code up for nobody",
        arguments: [
            (["code": "unknown"], "invalid_grant"), (["code": nil], "invalid_request"), (["code": ""], "invalid_request"),
            (["client_id": "other"], "invalid_grant"), (["client_id": "nobody"], "invalid_client"), (["client_id": nil], "invalid_client"),
            (["redirect_uri": "http://127.0.0.1/callback/"], "invalid_grant"),
            (["redirect_uri": "http://127.0.0.1:4000/callback"], "invalid_grant"),
            (["redirect_uri": "http://127.0.0.1/Callback"], "invalid_grant"),
            (["code_verifier": nil], "invalid_request"), (["code_verifier": ""], "invalid_request"),
            (["code_verifier": String(repeating: "a", count: 42)], "invalid_request"),
            (["code_verifier": String(repeating: "a", count: 129)], "invalid_request"),
            (["code_verifier": String(repeating: "a", count: 42) + " "], "invalid_request"),
            (["code_verifier": String(repeating: "a", count: 43)], "invalid_grant"),
            (["resource": "https://b.example/mcp"], "invalid_target"), (["resource": GrantBench.resource + "/"], "invalid_target"),
            (["grant_type": "refresh_token"], "invalid_request"), (["grant_type": "client_credentials"], "unauthorized_client"),
            (["grant_type": "implicit"], "unsupported_grant_type"), (["grant_type": "password"], "unsupported_grant_type"),
            (["client_secret": "x"], "invalid_client"),
        ] as [([String: String?], String)])
    func refused(bent: [String: String?], code error: String) async throws {
        let code = try await bench.code()
        let answer = try await bench.token(code.form(bent))
        #expect(answer.error == error)
        #expect(answer.members["access_token"] == nil)
        #expect(try await bench.token(code.form()).status == 200)
    }

    @Test("Whoever has no code cannot fill the memory of used proofs, and a proof that was used leaves a code as it is")
    func proofs() async throws {
        let endpoints = bench.endpoints(bend: { $0.proofs = DPoPChecks.all(memory: ProofMemory(capacity: 1)) })
        let key = DPoPKey()
        func redeem(_ form: [String: String], _ proof: String? = nil) async throws -> GrantBench.Answer {
            let proof =
                try proof ?? key.proof(method: "POST", url: GrantBench.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
            return try await bench.post("/oauth/token", form, proof: proof, to: endpoints)
        }
        let code = try await bench.code()
        for _ in 0..<3 { #expect(try await redeem(code.form(["code": "unknown"])).error == "invalid_grant") }
        let proof = try key.proof(method: "POST", url: GrantBench.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
        #expect(try await redeem(code.form(), proof).members["token_type"] == .string("DPoP"))
        let next = try await bench.code()
        #expect(try await redeem(next.form(), proof).error == "invalid_dpop_proof")
        #expect(try await bench.token(next.form()).status == 200)
    }

    @Test("The challenge is not a verifier, and a code in the place of a refresh token is none")
    func confused() async throws {
        let code = try await bench.code()
        #expect(try await bench.token(code.form(["code_verifier": code.record.challenge])).error == "invalid_grant")
        #expect(try await bench.refresh(code.text).error == "invalid_grant")
        #expect(try await bench.introspect(code.text) == ["active": .bool(false)])
        let answer = try await bench.token(code.form())
        #expect(try await bench.token(code.form(["code": answer.refresh])).error == "invalid_grant")
    }

    @Test("The redirect URI and the resource may be left out")
    func optional() async throws {
        let answer = try await bench.token(try await bench.code().form(["redirect_uri": nil, "resource": nil]))
        #expect(answer.status == 200)
        #expect(try await bench.introspect(answer.access)["aud"] == .string(GrantBench.resource))
    }

    @Test("A code is good until the second of its expiry")
    func expiry() async throws {
        let (early, late) = (try await bench.code(), try await bench.code())
        #expect(try await bench.token(late.form(), to: bench.endpoints(at: later(60))).error == "invalid_grant")
        #expect(try await bench.token(early.form(), to: bench.endpoints(at: later(59.9))).status == 200)
    }

    @Test("A code used twice ends what it was redeemed for, after its expiry too", arguments: [1.0, 61])
    func replay(after seconds: Double) async throws {
        let (code, twin) = (try await bench.code(), try await bench.code())
        let first = try await bench.token(code.form())
        let other = try await bench.token(twin.form())
        #expect(try await bench.isActive(first.access))
        #expect(try await bench.token(code.form(), to: bench.endpoints(at: later(seconds))).error == "invalid_grant")
        #expect(try await bench.isActive(first.access) == false)
        #expect(try await bench.refresh(first.refresh).error == "invalid_grant")
        #expect(try await bench.isActive(other.access))
        #expect(try await bench.refresh(other.refresh).status == 200)
    }

    @Test("Who has a used code without what belongs to it ends nothing", arguments: ["client_id", "code_verifier", "redirect_uri"])
    func replayByStranger(bent name: String) async throws {
        let code = try await bench.code()
        let first = try await bench.token(code.form())
        let other = ["client_id": "other", "code_verifier": String(repeating: "a", count: 43), "redirect_uri": "https://evil.example/"]
        #expect(try await bench.token(code.form([name: other[name] ?? nil])).error == "invalid_grant")
        #expect(try await bench.isActive(first.access))
        #expect(try await bench.refresh(first.refresh).status == 200)
    }

    @Test("Of 20 parallel redemptions exactly one succeeds", .timeLimit(.minutes(1)))
    func race() async throws {
        let code = try await bench.code()
        let endpoints = bench.endpoints()
        let answers = try await withThrowingTaskGroup(of: GrantBench.Answer.self) { group in
            for _ in 0..<20 { group.addTask { [bench] in try await bench.token(code.form(), to: endpoints) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { $0.status == 200 }.count == 1)
        #expect(answers.filter { $0.error == "invalid_grant" }.count == 19)
        let winner = try #require(answers.first { $0.status == 200 })
        #expect(try await bench.isActive(winner.access) == false)
        #expect(try await bench.store.grants().count == 1)
    }

    @Test("A client with a secret must show it, and one registered as public has none to show")
    func confidential() async throws {
        let code = try await bench.code(client: "web")
        #expect(try await bench.token(code.form()).error == "invalid_client")
        #expect(try await bench.token(code.form(["client_id": nil]), basic: ("web", "wrong")).error == "invalid_client")
        #expect(try await bench.token(code.form(["client_id": nil]), basic: ("web", bench.secret)).status == 200)
        #expect(try await bench.token(try await bench.code().form(), basic: ("app", "anything")).error == "invalid_client")
    }

    @Test("A client that is not registered for refresh tokens gets none, and a disabled one gets nothing")
    func registration() async throws {
        var client = GrantBench.client("once", .none)
        client.grantTypes = ["authorization_code"]
        _ = try await bench.administration().add(client)
        let answer = try await bench.token(try await bench.code(client: "once").form())
        #expect(answer.status == 200)
        #expect(answer.members["refresh_token"] == nil)
        #expect(try await bench.store.grants().first?.expiresAt == later(3600))
        #expect(try await bench.refresh("anything", client: "once").error == "unauthorized_client")
        _ = try await bench.administration().disable("once")
        #expect(try await bench.token(try await bench.code(client: "once").form()).error == "invalid_client")
        #expect(try await bench.isActive(answer.access) == false)
    }

    @Test("A code for a key is redeemed with a proof of that key")
    func boundToKey() async throws {
        let (own, thief) = (DPoPKey(), DPoPKey())
        func proof(_ key: DPoPKey) throws -> String {
            try key.proof(method: "POST", url: GrantBench.url + "/oauth/token", accessToken: nil, nonce: nil, at: start)
        }
        let code = try await bench.code { $0.keyThumbprint = own.thumbprint }
        #expect(try await bench.token(code.form()).error == "invalid_grant")
        #expect(try await bench.token(code.form(), proof: try proof(thief)).error == "invalid_grant")
        let answer = try await bench.token(code.form(), proof: try proof(own))
        #expect(answer.members["token_type"] == .string("DPoP"))
        #expect(try await bench.introspect(answer.access)["cnf"] == .object(["jkt": .string(own.thumbprint)]))
    }

    @Test("An opaque token has 43 characters that say nothing, and introspection says the rest")
    func opaque() async throws {
        let answer = try await bench.token(try await bench.code().form(), to: bench.endpoints(configure: { $0.tokenFormat = .opaque }))
        #expect(answer.access.utf8.count == 43)
        #expect(Base64URL.decode(answer.access)?.count == 32)
        let described = try await bench.introspect(answer.access)
        #expect(described["sub"] == .string("alice"))
        #expect(described["scope"] == .string("mcp:read mcp:write"))
        #expect(described["aud"] == .string(GrantBench.resource))
    }

    @Test("One check dropped lets that one thing through and nothing else")
    func bent() async throws {
        let careless = bench.endpoints(bend: { $0.codes = $0.codes.dropping("verifier") })
        let code = try await bench.code()
        #expect(try await bench.token(code.form(["client_id": "other", "code_verifier": nil]), to: careless).error == "invalid_grant")
        #expect(try await bench.token(code.form(["code_verifier": nil]), to: careless).status == 200)
        let again = bench.endpoints(bend: { $0.codeUse = CodeUseRule { _ in .redeem } })
        #expect(try await bench.token(code.form(), to: again).status == 200)
    }
}
