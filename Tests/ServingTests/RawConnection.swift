import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Serving

/// Runs a listener for the length of a test and talks to it in raw bytes.
func withServer(
    _ listener: HTTPListener, _ body: @Sendable (_ port: Int) async throws -> Void
) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let (ports, source) = AsyncStream.makeStream(of: Int.self)
    let service = listener.service(logger: logger) { _, url in
        source.yield(url.split(separator: ":").last.flatMap { Int($0) } ?? 0)
    }
    let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        for await port in ports {
            do {
                try await body(port)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            break
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// A connection of our own making, so that wrong requests can be sent.
final class RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// - Parameter tls: Nil for plain text.
    init(port: Int, tls: TLSConfiguration? = nil) async throws {
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Sends each text in turn and reads an answer to each; a trailing "" means: until the server closes.
    func exchange(_ texts: String...) async throws -> [String] {
        try await channel.executeThenClose { inbound, outbound in
            var answers: [String] = []
            var iterator = inbound.makeAsyncIterator()
            for text in texts {
                if !text.isEmpty { try await outbound.write(ByteBuffer(string: text)) }
                var answer = ""
                while text.isEmpty || !answer.isWholeAnswer {
                    guard let more = try await iterator.next() else { break }
                    answer += String(buffer: more)
                }
                answers.append(answer)
            }
            return answers
        }
    }
}

extension String {
    fileprivate var isWholeAnswer: Bool {
        guard let end = range(of: "\r\n\r\n") else { return false }
        let length =
            self[..<end.lowerBound].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
        return self[end.upperBound...].utf8.count >= length
    }

    var status: String { String(split(separator: " ", maxSplits: 2).dropFirst().first ?? "") }

    func field(_ name: String) -> String? {
        split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
            .map { String($0.dropFirst(name.utf8.count + 2)) }
    }
}
