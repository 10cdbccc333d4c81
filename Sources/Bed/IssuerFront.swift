import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
package import Probing
import Synchronization

/// The bed between the issuer under test and everybody else: ends TLS with a certificate of its own, counts the requests by
/// path, lets scheduled faults happen, and passes the rest on.
///
/// The issuer is told that its identifier is this front's URL, so that nobody notices.
package final class IssuerFront: Sendable {
    package let url: String
    private let board: Board
    private let service: LoopbackService

    private init(url: String, board: Board, service: LoopbackService) {
        self.url = url
        self.board = board
        self.service = service
    }

    /// - Parameters:
    ///   - identity: The certificate to show.
    ///   - ca: Whom to trust as the issuer.
    package static func start(identity: ClientIdentity, ca: String) async throws -> IssuerFront {
        let board = Board()
        let responder = CallbackResponder<BasicRequestContext> { request, _ in try await board.answer(request, ca: ca) }
        let service = try await LoopbackService.start("front of the issuer", identity: identity, responder: responder)
        return IssuerFront(url: "https://127.0.0.1:\(service.port)", board: board, service: service)
    }

    package func stop() { service.stop() }

    /// Where the issuer listens, on 127.0.0.1.
    package func forward(to port: Int) { board.state.withLock { $0.port = port } }

    /// How many requests came for a URL's path so far, those that a fault met included.
    package func requests(for url: String) -> Int { board.state.withLock { $0.requests[Board.path(of: url)] ?? 0 } }

    /// The next requests for a URL's path are answered 503, and not passed on.
    package func fail(_ url: String, times: Int) { board.state.withLock { $0.faults[Board.path(of: url)] = times } }

    /// From now on nothing fails.
    package func recover() { board.state.withLock { $0.faults = [:] } }
}

/// What the front knows, and how it answers.
private final class Board: Sendable {
    struct State {
        var port: Int?
        var requests: [String: Int] = [:]
        var faults: [String: Int] = [:]
    }

    private static let bodyLimit = 1 << 20
    /// Fields that concern one connection and not the message (RFC 9110 section 7.6.1), or that each hop writes itself.
    private static let hopFields: Set<String> = [
        "connection", "content-length", "date", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    let state = Mutex(State())

    static func path(of url: String) -> String { URL(string: url)?.path ?? url }

    func answer(_ request: Request, ca: String) async throws -> Response {
        let path = request.uri.path
        let (port, fails) = state.withLock { state -> (Int?, Bool) in
            state.requests[path, default: 0] += 1
            guard let left = state.faults[path], left > 0 else { return (state.port, false) }
            state.faults[path] = left - 1
            return (state.port, true)
        }
        guard let port, !fails else {
            return Response(status: .serviceUnavailable, headers: [.contentType: "text/plain"], body: Self.body("not now\n"))
        }
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        // The same URL, so that the issuer sees the authority it is known by; only the connection goes elsewhere.
        var passed = ProbeRequest(
            method: request.method.rawValue, url: "https://\(request.head.authority ?? "127.0.0.1")\(request.uri.string)",
            headers: request.headers.filter { !Self.hopFields.contains($0.name.canonicalName) }.map {
                ProbeHeader(name: $0.name.rawName, value: $0.value)
            }, body: Array(body.readableBytesView), timeout: 30)
        passed.connectTo = "127.0.0.1:\(port)"
        switch await Probe(ca: ca, identity: nil).send(passed, over: .newConnection).outcome {
        case .response(let status, let headers, let bytes):
            var fields = HTTPFields()
            for header in headers where !Self.hopFields.contains(header.name.lowercased()) {
                guard let name = HTTPField.Name(header.name) else { continue }
                fields.append(HTTPField(name: name, value: header.value))
            }
            return Response(status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .refusedInTransport, .continued, .dropped:
            return Response(status: .badGateway, headers: [.contentType: "text/plain"], body: Self.body("the issuer does not answer\n"))
        }
    }

    private static func body(_ text: String) -> ResponseBody { .init(byteBuffer: ByteBuffer(string: text)) }
}
