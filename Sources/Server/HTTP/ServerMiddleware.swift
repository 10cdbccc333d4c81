import HTTPTypes
import Hummingbird
import NIOCore
import Serving
import Synchronization

/// Hands every request to the parts, once they are complete: what they are depends on the ports.
final class ServerMiddleware: RouterMiddleware {
    typealias Context = PeerRequestContext

    private let parts = Mutex<ServerParts?>(nil)
    private let limits: Limits
    /// On the health listener.
    private let onlyHealth: Bool

    init(limits: Limits, onlyHealth: Bool = false) {
        self.limits = limits
        self.onlyHealth = onlyHealth
    }

    func begin(_ parts: ServerParts) {
        self.parts.withLock { $0 = parts }
    }

    func handle(
        _ request: Request, context: PeerRequestContext, next: @concurrent (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let parts = parts.withLock({ $0 }) else { throw RequestRefusal(.serviceUnavailable, "not ready") }
        let path = String(request.head.path?.prefix { $0 != "?" } ?? "")
        var served = ServerRequest(
            id: context.requestID, peer: context.peerAddress, method: request.method, path: path, headers: request.headers,
            authority: request.head.authority, certificate: context.peer, handshake: context.served.anchors)
        served.isOnHealthListener = onlyHealth
        served.query = request.head.path.flatMap { path in path.firstIndex(of: "?").map { String(path[path.index(after: $0)...]) } }
        return try await parts.respond(parts, served) { [limits] in
            Array(try await context.body(of: request, limits: limits).readableBytesView)
        }
    }
}
