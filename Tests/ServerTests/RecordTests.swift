import Auth
import Foundation
import HTTPTypes
import HummingbirdCore
import Server
import Synchronization
import Testing

@Suite("Records of calls")
struct RecordTests {
    /// One character of any length: women joined by what joins them into a family.
    @Test("A record does not grow with what a caller sends")
    func length() async throws {
        var parts = try ScopeTests.parts()
        let records = Mutex<[AuditRecord]>([])
        parts.audit = { record, _ in records.withLock { $0.append(record) } }
        let method = Array(repeating: "\u{1F469}", count: 20_000).joined(separator: "\u{200D}")
        #expect(method.count == 1)
        let request = ServerRequest(
            id: "1",
            headers: [.contentType: "application/json", try #require(HTTPField.Name("MCP-Protocol-Version")): "2026-07-28"],
            authority: "127.0.0.1:1")
        let response = try await parts.respond(parts, request) { Array(#"{"jsonrpc":"2.0","method":"\#(method)"}"#.utf8) }
        #expect(response.status == .accepted)
        let details = records.withLock { $0.map { $0.detail ?? "" } }
        #expect(details.map(\.unicodeScalars.count) == [64])
    }
}
