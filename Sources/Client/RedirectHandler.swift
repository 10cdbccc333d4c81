import NIOCore
import NIOHTTP1

/// One connection of a browser: answers one request, and hands on what came to the one path that counts.
final class RedirectHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let path: String
    private let authority: String
    private let accept: @Sendable (FormParameters) -> Void
    private var isAnswered = false

    /// - Parameters:
    ///   - authority: What the `Host` field must say: a name that somebody made point to loopback is turned away.
    ///   - accept: Called when the page is written.
    init(path: String, authority: String, accept: @escaping @Sendable (FormParameters) -> Void) {
        self.path = path
        self.authority = authority
        self.accept = accept
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard head.headers["Host"] == [authority] else { return answer(context, .badRequest, "This is not the address of this program.") }
        guard parts.first.map(String.init) == path else { return answer(context, .notFound, "There is nothing here.") }
        guard head.method == .GET else { return answer(context, .methodNotAllowed, "This page is only for reading.") }
        guard head.uri.utf8.count <= 16_384, parts.count == 2, let parameters = FormParameters(parsing: String(parts[1])) else {
            return answer(context, .badRequest, "The answer of the token issuer cannot be read.")
        }
        // Whether the login went well is told by the program, which has not looked at the answer yet.
        answer(context, .ok, "Thank you. You can close this window and go back to the program.") { [accept] in accept(parameters) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(
        _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ sentence: String, then: (@Sendable () -> Void)? = nil
    ) {
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>mcp-client</title></head><body><p>\(sentence)</p></body></html>

            """
        let fields: HTTPHeaders = [
            "Content-Type": "text/html; charset=utf-8", "Content-Length": String(page.utf8.count), "Cache-Control": "no-store",
            // The address holds the code: it goes to nobody else.
            "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff", "Connection": "close",
        ]
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: page)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            then?()
            channel.close(mode: .output, promise: nil)
        }
    }
}
