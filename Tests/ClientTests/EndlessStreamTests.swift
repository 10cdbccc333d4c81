import Client
import NIOCore
import NIOPosix
import Testing

@Suite("A stream without an end")
struct EndlessStreamTests {
    @Test("A stream that outgrows the limit is an error, and is not read on behind it")
    func endless() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EndlessHandler { end.yield(true) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        var policy = ConnectionPolicy.standard
        policy.bodyLimit = 100_000
        let connections = HTTPConnections(policy: policy, files: TLSFiles(authority: nil)) { _ in }
        var call = HTTPCall(.get, try #require(WebAddress("http://127.0.0.1:\(server.localAddress?.port ?? 0)/")))
        call.enough = { _ in false }
        await #expect(throws: ClientError.violation("the answer has more than 100000 bytes", status: 200)) {
            try await connections.exchange(call, within: .seconds(20))
        }
        let alarm = Task {
            try await Task.sleep(for: .seconds(20))
            end.yield(false)
        }
        #expect(await ends.first { _ in true } == true)
        alarm.cancel()
        await connections.close()
        try await server.close()
    }
}

/// Answers the first thing it hears with server-sent comments, until nobody takes them any more.
private final class EndlessHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let ended: @Sendable () -> Void
    private var hasBegun = false

    init(ended: @escaping @Sendable () -> Void) { self.ended = ended }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasBegun else { return }
        hasBegun = true
        let channel = context.channel
        Task { [ended] in
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
            try? await channel.writeAndFlush(ByteBuffer(string: head))
            let comment = ByteBuffer(string: ":" + String(repeating: "x", count: 10_000) + "\n\n")
            while (try? await channel.writeAndFlush(comment)) != nil {}
            ended()
        }
    }
}
