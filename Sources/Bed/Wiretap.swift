import NIOCore
import NIOPosix
import Synchronization

/// A proxy between a caller and a server that passes every byte on, keeps a copy of what the caller sent, and counts both ways.
final class Wiretap: Sendable {
    private let channel: any Channel
    private let recorded: Recording

    /// The port on 127.0.0.1 to connect to instead of the server's.
    let port: Int

    private init(channel: any Channel, port: Int, recorded: Recording) {
        self.channel = channel
        self.port = port
        self.recorded = recorded
    }

    static func start(to port: Int) async throws -> Wiretap {
        let recorded = Recording()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { caller in
                let stream = recorded.open()
                return ClientBootstrap(group: caller.eventLoop)
                    .channelOption(.autoRead, value: true)
                    .connect(host: "127.0.0.1", port: port)
                    .flatMap { server in
                        caller.eventLoop.makeCompletedFuture {
                            let (inward, outward) = Glue.pair()
                            try caller.pipeline.syncOperations.addHandlers([Recorder(recording: recorded, stream: stream), inward])
                            try server.pipeline.syncOperations.addHandlers([Meter(recording: recorded), outward])
                            inward.other = server
                            outward.other = caller
                        }
                    }
                    .flatMap { caller.setOption(.autoRead, value: true) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = channel.localAddress?.port else { throw BedError("the wiretap has no port") }
        return Wiretap(channel: channel, port: port, recorded: recorded)
    }

    /// What callers sent, connection by connection.
    var streams: [[UInt8]] { recorded.streams }

    /// Octets that passed so far, in both directions.
    var octets: Int { recorded.octets }

    func stop() async { try? await channel.close().get() }
}

private final class Recording: Sendable {
    private let state = Mutex<[[UInt8]]>([])
    private let answered = Mutex(0)

    var streams: [[UInt8]] { state.withLock { $0 } }

    var octets: Int { streams.reduce(0) { $0 + $1.count } + answered.withLock { $0 } }

    func count(_ octets: Int) { answered.withLock { $0 += octets } }

    func open() -> Int {
        state.withLock {
            $0.append([])
            return $0.count - 1
        }
    }

    func append(_ bytes: some Sequence<UInt8>, to stream: Int) { state.withLock { $0[stream].append(contentsOf: bytes) } }
}

private final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private let recording: Recording
    private let stream: Int

    init(recording: Recording, stream: Int) {
        self.recording = recording
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        recording.append(unwrapInboundIn(data).readableBytesView, to: stream)
        context.fireChannelRead(data)
    }
}

/// Counts what a server sends.
private final class Meter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private let recording: Recording

    init(recording: Recording) { self.recording = recording }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        recording.count(unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }
}

/// Passes what one channel reads to another, and its end too.
private final class Glue: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    /// Both channels live on one event loop, so that neither needs a lock.
    var other: (any Channel)?

    static func pair() -> (Glue, Glue) { (Glue(), Glue()) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other?.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other?.close(promise: nil)
        other = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
