import AsyncHTTPClient
import Auth
import Foundation
import Issuer
import OAuth
import Store
import Testing

/// The real program, killed again and again in the middle of its work. `AUTHBED_KILLS` says how often.
@Suite("An issuer that is killed")
struct KilledIssuerTests {
    private let kills = ProcessInfo.processInfo.environment["AUTHBED_KILLS"].flatMap(Int.init) ?? 10
    private let file: TemporaryStore
    private let store: IssuerStore
    private let configuration: String

    init() async throws {
        file = try TemporaryStore()
        store = try file.open()
        try await store.add(GrantBench.client("app", .none), secretHash: nil)
        let robot = ClientRecord(id: "robot", scopes: ["mcp:read"], resources: [GrantBench.resource], createdAt: Date())
        try await store.add(robot, secretHash: ClientSecret.hash(Secret("first-secret")))
        let server = ClientRecord(id: "server", scopes: [], mayIntrospect: true, createdAt: Date())
        try await store.add(server, secretHash: ClientSecret.hash(Secret("server-secret")))
        configuration = file.path + ".json"
        let text =
            #"{"store":"\#(file.path)","issuer":"https://issuer.example","refresh_grace_seconds":60,"resources":["\#(GrantBench.resource)"]}"#
        try text.write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    @Test("forgets nothing it acknowledged, redeems no code twice, and signs nobody out", .timeLimit(.minutes(60)))
    func killed() async throws {
        let (kills, http) = (self.kills, Self.impatient())
        var tally = Tally()
        var families: [Family] = []
        var operated = Operated()
        for _ in 0..<kills {
            while families.count < 8 { families.append(try await Family(in: store)) }
            let issuer = try await RemoteIssuer(configuration: configuration, http: http)
            families = try await each(of: families, &tally) { [store] family, tally in
                try await family.check(with: issuer, store, &tally)
            }
            try await operated.check(with: issuer)
            let rotation = try ProgramProcess(operated.next(configuration))
            let ends = [(issuer.process, 80_000), (rotation, 60_000)].map { process, latest in
                Task {
                    try await Task.sleep(for: .microseconds(Int.random(in: 0..<latest)))
                    await process.kill()
                }
            }
            families = try await each(of: families, &tally) { family, tally in
                try await family.live(with: issuer, &tally)
                return true
            }
            for end in ends { try await end.value }
            await operated.take(rotation, &tally)
        }
        try await http.shutdown()
        let grants = Dictionary(grouping: try await store.grants(), by: \.user)
        #expect(grants.values.allSatisfy { $0.count == 1 })
        #expect(tally.redemptions + tally.lostRedemptions >= grants.count)
        if kills > 10 { print("\(kills) kills; \(tally)") }
    }

    /// Lets all families do something at once.
    private func each(
        of families: [Family], _ tally: inout Tally, _ body: @escaping @Sendable (inout Family, inout Tally) async throws -> Bool
    ) async throws -> [Family] {
        try await withThrowingTaskGroup(of: (Family?, Tally).self) { group in
            for family in families {
                group.addTask {
                    var (family, tally) = (family, Tally())
                    return (try await body(&family, &tally) ? family : nil, tally)
                }
            }
            var kept: [Family] = []
            for try await (family, counted) in group {
                if let family { kept.append(family) }
                tally += counted
            }
            return kept
        }
    }

    /// One that takes a refused connection for an answer.
    private static func impatient() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}

/// What an operator was told of rotations that he asked for.
private struct Operated {
    private var secret = "first-secret"
    private var kid: String?
    private var rotatesKeys = false

    /// The next command: the two kinds take turns.
    mutating func next(_ configuration: String) -> [String] {
        rotatesKeys.toggle()
        return rotatesKeys
            ? ["signing-keys", "rotate", "--overlap", "1m", "--config", configuration]
            : ["clients", "rotate-secret", "robot", "--overlap", "1h", "--config", configuration]
    }

    /// A rotation is acknowledged by its line of JSON, whole.
    mutating func take(_ command: ProgramProcess, _ tally: inout Tally) async {
        var answer: [String: JSONValue]?
        for await line in command.lines { answer = try? OAuth.StrictJSON.parseObject(Array(line.utf8)) }
        guard let answer else { return tally.killedRotations += 1 }
        tally.rotations += 1
        kid = answer["kid"]?.string ?? kid
        secret = answer["client_secret"]?.string ?? secret
    }

    func check(with issuer: RemoteIssuer) async throws {
        if let kid { #expect(try await issuer.keys().contains(kid), "an acknowledged signing key") }
        let answer = try await issuer.post("/oauth/token", ["grant_type": "client_credentials"], basic: "robot:\(secret)")
        #expect(answer?.status == 200, "an acknowledged secret")
    }
}
