import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Reads a body to its end, or to where it is enough, and never beyond a limit.
struct AnswerReader {
    let limit: Int
    let enough: (@Sendable ([UInt8]) -> Bool)?

    func read(_ response: HTTPClientResponse) async throws -> HTTPAnswer {
        var answer = HTTPAnswer(
            status: Int(response.status.code), fields: HTTPFieldList(response.headers.map { (name: $0.name, value: $0.value) }))
        guard let enough, answer.mediaType == "text/event-stream" else {
            for try await piece in response.body { try append(piece, to: &answer) }
            return answer
        }
        let (pieces, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self, throwing: (any Error).self)
        let pump = Task {
            do {
                for try await piece in response.body { feed.yield(piece) }
                feed.finish()
            } catch {
                feed.finish(throwing: error)
            }
        }
        return try await withTaskCancellationHandler {
            do {
                for try await piece in pieces {
                    try append(piece, to: &answer)
                    if enough(Array(piece.readableBytesView)) {
                        leave(pump)
                        return answer
                    }
                }
                return answer
            } catch {
                // Who never stops would be listened to for ever.
                pump.cancel()
                throw error
            }
        } onCancel: {
            pump.cancel()
        }
    }

    /// A stream that ends right after its last message keeps its connection for the next call; one that stays open is closed.
    private func leave(_ pump: Task<Void, Never>) {
        Task {
            try? await Task.sleep(for: .milliseconds(250), clock: .suspending)
            pump.cancel()
        }
    }

    private func append(_ piece: ByteBuffer, to answer: inout HTTPAnswer) throws {
        guard answer.body.count + piece.readableBytes <= limit else {
            throw ClientError.violation("the answer has more than \(limit) bytes", status: answer.status)
        }
        answer.body.append(contentsOf: piece.readableBytesView)
    }
}
