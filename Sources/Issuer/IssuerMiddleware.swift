import HTTPTypes
import Hummingbird
import NIOCore
import OAuth
import Serving
import Synchronization

/// Hands every request to the endpoints, and their answers to the connection. It stands where routes would be.
///
/// The endpoints are set once the port is known, because the issuer's identifier may be its URL.
final class IssuerMiddleware: RouterMiddleware {
    typealias Context = PeerRequestContext

    private let endpoints = Mutex<IssuerEndpoints?>(nil)
    private let limits: Limits

    init(limits: Limits) {
        self.limits = limits
    }

    func begin(_ endpoints: IssuerEndpoints) {
        self.endpoints.withLock { $0 = endpoints }
    }

    func handle(
        _ request: Request, context: PeerRequestContext, next: @concurrent (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let endpoints = endpoints.withLock({ $0 }) else { throw RequestRefusal(.serviceUnavailable, "not ready yet") }
        var asked = IssuerRequest(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query,
            authorization: request.headers[values: .authorization], contentType: request.headers[values: .contentType],
            id: context.requestID, peer: context.peerAddress
        ) { [limits] () throws(OAuthError) in try await Self.body(of: request, context, limits) }
        asked.proofs = request.headers[values: .dpop]
        asked.cookies = request.headers[values: .cookie]
        asked.certificate = context.peer
        let answer = try await endpoints.answer(asked)
        guard request.method == .head else {
            return Response(
                status: answer.status, headers: answer.headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        }
        // The length that GET would have (RFC 9110 section 8.6), and nothing behind it.
        var headers = answer.headers
        headers[.contentLength] = "\(answer.body.count)"
        return Response(status: answer.status, headers: headers)
    }

    private static func body(of request: Request, _ context: Context, _ limits: Limits) async throws(OAuthError) -> [UInt8] {
        do {
            return Array(buffer: try await context.body(of: request, limits: limits))
        } catch let refusal as RequestRefusal {
            throw .invalidRequest(refusal.message, status: refusal.status.code)
        } catch {
            throw .invalidRequest("the body breaks off")
        }
    }
}
