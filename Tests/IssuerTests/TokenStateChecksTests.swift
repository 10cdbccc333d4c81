import Auth
import Foundation
import Issuer
import Store
import Testing

@Suite("Activity of tokens")
struct TokenStateChecksTests {
    private func outcome(at now: Date = start, asker: ClientRecord? = nil, bend: (inout TokenState) -> Void = { _ in }) async -> String {
        var state = TokenState(
            token: TokenRecord(
                hash: [], jti: "j", clientID: "alice", secretID: 1, scopes: ["mcp:read"], audience: "https://a.example/",
                issuedAt: start, expiresAt: later(60)),
            client: ClientRecord(id: "alice", scopes: ["mcp:read"], createdAt: start),
            secret: ClientSecretRecord(id: 1, hash: [], createdAt: start))
        bend(&state)
        return switch await TokenStateChecks.all.verify(TokenEvidence(state: state, asker: asker), at: now) {
        case .passed: "active"
        case .refused(_, let check): check
        }
    }

    private func server(_ resources: [String]) -> ClientRecord {
        ClientRecord(id: "mcp-server", scopes: [], resources: resources, mayIntrospect: true, createdAt: start)
    }

    @Test("A token is active until the second of its expiry")
    func expiry() async {
        #expect(await outcome(at: later(59.999)) == "active")
        #expect(await outcome(at: later(60)) == "not-expired")
    }

    @Test("A token is inactive when it, its grant, its user, its client or its secret was withdrawn")
    func withdrawn() async {
        #expect(await outcome() == "active")
        #expect(await outcome { $0.token.revokedAt = start } == "not-revoked")
        #expect(await outcome { $0.client.disabledAt = start } == "client-enabled")
        #expect(await outcome { $0.secret?.retiredAt = start } == "secret-not-retired")
        #expect(await outcome { $0.isUserEnabled = false } == "user-enabled")
        var grant = GrantRecord(
            id: "g", clientID: "alice", user: "u", scopes: [], audience: "https://a.example/", createdAt: start, expiresAt: later(60))
        #expect(await outcome { $0.grant = grant } == "active")
        grant.revokedAt = start
        #expect(await outcome { $0.grant = grant } == "grant-not-revoked")
    }

    @Test("The end of a secret's overlap leaves its tokens active")
    func overlapEnd() async {
        #expect(await outcome(at: later(5)) { $0.secret?.validUntil = start } == "active")
    }

    @Test("A server that is registered for resources sees tokens for those only")
    func visible() async {
        #expect(await outcome(asker: server([])) == "active")
        #expect(await outcome(asker: server(["https://a.example/"])) == "active")
        #expect(await outcome(asker: server(["https://b.example/"])) == "visible")
    }

    @Test("A token that was never issued is inactive")
    func unknown() async {
        guard case .refused(_, by: "issued") = await TokenStateChecks.all.verify(TokenEvidence(state: nil, asker: nil), at: start) else {
            Issue.record("an unknown token must be refused by the check issued")
            return
        }
    }
}
