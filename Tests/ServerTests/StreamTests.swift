import Auth
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Server
import Synchronization
import Testing

@Suite("Streams")
struct StreamTests {
    /// A caller who takes his time with the first piece, and whose credential ends meanwhile.
    private final class SlowReader: Sendable {
        let isAccepted = Mutex(true)
        let pieces = Mutex<[String]>([])

        struct Writer: ResponseBodyWriter {
            let reader: SlowReader

            func write(_ buffer: ByteBuffer) async throws {
                reader.pieces.withLock { $0.append(String(buffer: buffer)) }
                guard reader.isAccepted.withLock({ $0 }) else { return }
                reader.isAccepted.withLock { $0 = false }
                try await Task.sleep(for: .milliseconds(1100))
            }

            func finish(_ trailingHeaders: HTTPFields?) {}
        }
    }

    @Test("Whoever reads slowly does not keep a stream without pauses open beyond his credential")
    func slowReader() async throws {
        var parts = try ScopeTests.parts()
        let reader = SlowReader()
        parts.authenticate = { _, _, _, _ in
            reader.isAccepted.withLock { $0 } ? .anyone : Authentication(.denied(Refusal(.revoked), by: .apiKey, others: [:]))
        }
        let request = ServerRequest(
            id: "1", path: "/mcp/tools/canary.stream", headers: [.contentType: "application/json"], authority: "127.0.0.1:1")
        let response = try await parts.respond(parts, request) { Array(#"{"count":100,"interval_ms":0}"#.utf8) }
        try await response.body.write(SlowReader.Writer(reader: reader))
        let pieces = reader.pieces.withLock { $0 }
        #expect(pieces.count == 2)
        #expect(pieces.last?.contains("invalid_token") == true)
    }
}
