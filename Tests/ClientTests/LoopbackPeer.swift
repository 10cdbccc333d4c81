import Client
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// Serves, over plain HTTP on loopback, what a script answers: for clients that are processes of their own.
final class LoopbackPeer: Sendable {
    typealias Answering = @Sendable (HTTPCall) async -> HTTPAnswer

    let origin: String
    private let channel: any Channel

    private init(origin: String, channel: any Channel) {
        self.origin = origin
        self.channel = channel
    }

    /// - Parameter answering: From the peer's origin to what answers its calls.
    static func start(_ answering: @escaping @Sendable (String) -> Answering) async throws -> LoopbackPeer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let origin = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(origin: origin, answering: answering(origin)))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LoopbackPeer(origin: "http://127.0.0.1:\(try #require(channel.localAddress?.port))", channel: channel)
    }

    func stop() async throws { try await channel.close().get() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let origin: String
        private let answering: Answering
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(origin: String, answering: @escaping Answering) {
            self.origin = origin
            self.answering = answering
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let piece): body.append(contentsOf: piece.readableBytesView)
            case .end:
                guard let head, let address = WebAddress(origin + head.uri), let method = HTTPCall.Method(rawValue: head.method.rawValue)
                else { return context.close(promise: nil) }
                let fields = HTTPFieldList(head.headers.map { (name: $0.name, value: $0.value) })
                let call = HTTPCall(method, address, fields: fields, body: body)
                let channel = context.channel
                Task { [answering] in
                    let answer = await answering(call)
                    var headers = HTTPHeaders(answer.fields.fields.map { ($0.name, $0.value) })
                    headers.replaceOrAdd(name: "Content-Length", value: String(answer.body.count))
                    let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
                    channel.write(HTTPServerResponsePart.head(head), promise: nil)
                    channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: answer.body))), promise: nil)
                    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
                }
            }
        }
    }
}
