import Auth
import Client
import Foundation
import MCP
import Synchronization
import Testing

@Suite("Processes that share a token cache", .timeLimit(.minutes(2)))
struct ManyProcessesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Server and issuer on one origin.
    private struct Peer {
        let login: ScriptedLogin
        let peer: LoopbackPeer
    }

    /// - Parameter before: Asked for each call before it is answered, after the issuer has done what it was asked.
    private func start(before: @escaping @Sendable (HTTPCall) async -> Void = { _ in }) async throws -> Peer {
        let made = Mutex<ScriptedLogin?>(nil)
        let peer = try await LoopbackPeer.start { origin in
            let login = made.withLock { made in
                if made == nil { made = ScriptedLogin(server: origin + "/mcp", issuer: origin) }
                return made
            }
            return { call in
                let answer = login?.answer(call) ?? HTTPAnswer(status: 500)
                await before(call)
                return answer
            }
        }
        let login = made.withLock { made in
            if made == nil { made = ScriptedLogin(server: peer.origin + "/mcp", issuer: peer.origin) }
            return made
        }
        return Peer(login: try #require(login), peer: peer)
    }

    /// A login from before, whose access token has ended.
    private func seed(_ login: ScriptedLogin) throws {
        let (access, refresh) = login.grant()
        login.revokeAccess()
        let owner = CachedTokens.Owner(issuer: login.issuer, resource: login.server, clientID: "desk")
        try TokenCache(path: scratch.path("cache"), policy: .standard, clock: .system, report: { _ in }).update { content in
            content.tokens[owner] = CachedTokens(
                owner: owner, accessToken: Secret(access), since: Date().addingTimeInterval(-4000), lifetime: 3600,
                refreshToken: Secret(refresh), scopes: ["mcp:read"], key: nil)
        }
    }

    private func process(_ login: ScriptedLogin) throws -> ClientProcess {
        try ClientProcess(configuration: [
            "server": .string(login.server), "scheme": "oauth",
            "oauth": [
                "grant": "authorization_code", "client_id": "desk", "cache": .string(scratch.path("cache")), "browser": ["false"],
            ],
        ])
    }

    @Test("Eight processes, one token that has ended: one token request, eight answers, nobody signed out", arguments: [0, 2])
    func stampede(busy: Int) async throws {
        let here = try await start()
        try seed(here.login)
        here.login.change { $0.tokenAnswers = Array(repeating: HTTPAnswer(status: 503, fields: ["Retry-After": "0"]), count: busy) }
        let processes = try (0..<8).map { _ in try process(here.login) }
        for process in processes { #expect(try await process.line()["ready"] != nil) }
        for process in processes { try process.say(#"{"id":1,"call":"canary.read"}"#) }
        var requests = 0
        for process in processes {
            let answer = try await process.line()
            #expect(answer["results"]?.array?.first?["ok"] == true, "\(answer.text)")
            requests += answer["token_requests"]?.integer ?? 0
            try process.end()
        }
        #expect(requests == 1 + busy)
        #expect(here.login.tokenRequests.count == 1 + busy)
        #expect(here.login.authorizations.isEmpty)
        try await here.peer.stop()
    }

    @Test("A process killed between the issuer's answer and the cache costs nobody the login")
    func killed() async throws {
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let isFirst = Mutex(true)
        let here = try await start { call in
            guard call.address.path == "/token",
                isFirst.withLock({ first in
                    defer { first = false }; return first
                })
            else { return }
            // The issuer has rotated the token; its answer never gets there.
            ask.yield()
            try? await Task.sleep(for: .seconds(60), clock: .suspending)
        }
        here.login.change { $0.grace = true }
        try seed(here.login)
        let first = try process(here.login)
        _ = try await first.line()
        try first.say(#"{"id":1,"call":"canary.read"}"#)
        for await _ in asked { break }
        let second = try process(here.login)
        _ = try await second.line()
        try second.say(#"{"id":1,"call":"canary.read"}"#)
        first.kill()
        let answer = try await second.line()
        #expect(answer["results"]?.array?.first?["ok"] == true, "\(answer.text)")
        #expect(here.login.tokenRequests.compactMap { $0["refresh_token"] } == ["refresh-1", "refresh-1"])
        #expect(here.login.authorizations.isEmpty)
        try second.end()
        try await here.peer.stop()
    }
}
