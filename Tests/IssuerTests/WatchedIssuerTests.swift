import Auth
import Defects
import Foundation
import Issuer
import OAuth
import Store
import Synchronization
import Testing

@Suite("The right issuer, watched for what each defect would have made of a request")
struct WatchedIssuerTests {
    @Test("A defect is told of by the request in which it acts, and by no other")
    func byRequest() async throws {
        let (acting, _) = try await watched()
        func requests(_ defect: String) -> Set<String> { Set(acting.filter { $0.value.contains(defect) }.keys) }
        #expect(requests("issuer/ignores-verifiers") == ["redeemed with another verifier"])
        #expect(requests("issuer/redeems-for-anybody") == ["redeemed by another"])
        #expect(requests("issuer/gives-codes-for-a-day") == ["redeemed late"])
        #expect(requests("issuer/widens-scopes") == ["refreshed for more"])
        #expect(requests("issuer/knows-no-lost-answers") == ["refreshed again"])
        #expect(requests("issuer/codes-twice") == ["redeemed again"])
        #expect(requests("issuer/only-refuses-codes-again") == ["redeemed again"])
        #expect(requests("issuer/refreshes-what-was-revoked") == ["refreshed in the end"])
        #expect(requests("issuer/leaves-access-tokens") == ["asked in the end"])
        #expect(requests("issuer/says-why-a-token-is-inactive") == ["asked in the end"])
        #expect(requests("issuer/takes-any-secret") == ["a wrong secret"])
        #expect(requests("issuer/revokes-for-any-client") == ["revoked by another"])
        #expect(requests("issuer/refuses-to-revoke-the-unknown") == ["revoked without need"])
        #expect(requests("issuer/sends-no-challenge").isSuperset(of: ["a wrong secret", "asked by a stranger"]))
        #expect(requests("issuer/gives-the-same-refresh-token") == ["refreshed", "refreshed again"])
        let tokens: Set = ["redeemed", "refreshed", "refreshed again", "a client of its own"]
        #expect(requests("issuer/tells-another-lifetime") == tokens)
        for defect in ["issuer/breaks-signatures", "issuer/names-no-tokens"] {
            // The token is made before it is known that nobody gets it.
            #expect(requests(defect) == tokens.union(["redeemed again"]))
        }
        #expect(requests("issuer/believes-any-document") == [])
    }

    @Test("Watching changes nothing")
    func unchanged() async throws {
        let (_, outcomes) = try await watched()
        #expect(outcomes == (try await play { _ in }))
        #expect(Set(outcomes.map(\.status)) == [200, 400, 401])
    }

    /// After its first act a defect may have left another world to the requests behind; what comes before it is foretold.
    @Test(
        "Where a defect changes an answer, it was said that it acts", arguments: Defect.all.filter { $0.id.hasPrefix("issuer/") }.map(\.id))
    func foretold(id: String) async throws {
        guard case .issuer(let bend) = try #require(Defect.named(id)).bend else { return }
        let (acting, right) = try await watched()
        let bent = try await play(bend)
        guard let first = zip(right, bent).first(where: { $0 != $1 })?.0 else { return }
        let before = right.prefix { $0 != first }.map(\.request) + [first.request]
        #expect(before.contains { acting[$0]?.contains(id) ?? false }, "\(id) changed what came of: \(first.request)")
    }

    // MARK: The requests

    /// What a request came to, as far as two issuers with keys of their own can agree on it.
    private struct Outcome: Hashable {
        var request: String
        var status: Int
        var members: [String]
        var told: [String?]

        init(_ request: String, _ answer: GrantBench.Answer) {
            self.request = request
            status = answer.status
            members = answer.members.keys.sorted()
            told = ["error", "scope", "token_type"].map { answer.members[$0]?.string }
        }
    }

    /// - Returns: By request, the defects that act in it; and what came of the requests.
    private func watched() async throws -> (acting: [String: Set<String>], outcomes: [Outcome]) {
        let acting = Mutex<[String: Set<String>]>([:])
        let watch = IssuerWatch { defects, request in
            acting.withLock { $0[request ?? "no request", default: []].formUnion(defects) }
        }
        let outcomes = try await play { watch.bend(&$0) }
        let told = acting.withLock { $0 }
        #expect(told["no request"] == nil)
        return (told, outcomes)
    }

    /// Puts the same requests to an issuer of whatever kind.
    private func play(_ bend: (inout IssuerParts) -> Void) async throws -> [Outcome] {
        let bench = try await GrantBench()
        let machine = ClientRecord(id: "machine", scopes: ["mcp:read"], createdAt: start)
        try await bench.store.add(machine, secretHash: ClientSecret.hash(Secret("machine-secret")))
        let clock = Mutex(start)
        let issuer = bench.endpoints(bend: { parts in
            parts.now = { clock.withLock { $0 } }
            bend(&parts)
        })
        var outcomes: [Outcome] = []
        func ask(_ id: String, _ form: [String: String], at path: String = "token", by client: (String, String)? = nil) async throws
            -> GrantBench.Answer
        {
            let answer = try await bench.post("/oauth/\(path)", form, basic: client, id: id, to: issuer)
            outcomes.append(Outcome(id, answer))
            return answer
        }
        func refresh(_ id: String, _ token: String, _ more: [String: String] = [:]) async throws -> GrantBench.Answer {
            try await ask(id, ["grant_type": "refresh_token", "refresh_token": token, "client_id": "app"].merging(more) { $1 })
        }
        let own = ["grant_type": "client_credentials", "resource": GrantBench.resource]
        let (server, secret) = (("server", "server-secret"), ("machine", "machine-secret"))

        let code = try await bench.code()
        _ = try await ask("redeemed with another verifier", code.form(["code_verifier": ProofKey.verifier().reveal()]))
        _ = try await ask("redeemed by another", code.form(["client_id": "other"]))
        clock.withLock { $0 = later(700) }
        _ = try await ask("redeemed late", try await bench.code().form())
        clock.withLock { $0 = start }
        let first = try await ask("redeemed", code.form())
        _ = try await refresh("refreshed for more", first.refresh, ["scope": "mcp:read mcp:admin"])
        let second = try await refresh("refreshed", first.refresh)
        _ = try await refresh("refreshed again", first.refresh)
        _ = try await ask("asked", ["token": second.access], at: "introspect", by: server)
        _ = try await ask("redeemed again", code.form())
        _ = try await refresh("refreshed in the end", second.refresh)
        _ = try await ask("asked in the end", ["token": second.access], at: "introspect", by: server)
        _ = try await ask("asked by a stranger", ["token": second.access], at: "introspect")
        _ = try await ask("a wrong secret", own, by: ("machine", "a-secret-of-somebody-else"))
        let machines = try await ask("a client of its own", own, by: secret)
        _ = try await ask("revoked by another", ["token": machines.access], at: "revoke", by: ("web", bench.secret))
        _ = try await ask("revoked without need", ["token": "of-nobody"], at: "revoke", by: secret)
        return outcomes
    }
}
