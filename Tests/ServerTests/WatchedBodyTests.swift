import Defects
import HTTPTypes
import HummingbirdCore
import Server
import Synchronization
import Testing

@Suite("Bodies, as a watched server reads them")
struct WatchedBodyTests {
    private static let request = ServerRequest(
        id: "1", headers: [.contentType: "application/json", .contentLength: "5000"], authority: "127.0.0.1:1")

    /// - Returns: The status of the answer to nobody in particular, and which of the defects act in it.
    private static func answer(
        _ defects: String..., body: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> (status: Int, acting: Set<String>) {
        let acting = Mutex<Set<String>>([])
        var parts = try ScopeTests.parts()
        parts.policy = ServerScheme.apiKey.policy
        let watch = Watch(
            defects.compactMap(Defect.named), bends: { _, _ in }, report: { defects, _ in acting.withLock { $0.formUnion(defects) } })
        watch.bend(&parts)
        let response = try await parts.respond(parts, request, body)
        return (response.status.code, acting.withLock { $0 })
    }

    @Test("Nobody keeps the right server's answer back: who waits for a body that does not end acts", .timeLimit(.minutes(1)))
    func unfinished() async throws {
        let (status, acting) = try await Self.answer("server/waits-for-whole-bodies", "server/reads-bodies-before-it-asks") {
            try await Task.sleep(for: .seconds(3600))
            return []
        }
        #expect(status == 401)
        #expect(acting == ["server/waits-for-whole-bodies", "server/reads-bodies-before-it-asks"])
    }

    @Test("A body that is whole is read as it is, and who makes nothing of it does not act")
    func whole() async throws {
        let (status, acting) = try await Self.answer("server/reads-bodies-before-it-asks") { Array("{}".utf8) }
        #expect(status == 401)
        #expect(acting.isEmpty)
    }
}
