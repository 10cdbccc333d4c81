package import HTTPTypes
package import Hummingbird
import HummingbirdCore
import NIOCore

/// A refusal of a request before anyone asks who is calling: by its form alone.
package struct RequestRefusal: HTTPResponseError, Hashable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var message: String

    package init(_ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        self.message = message
    }

    /// The method is not one of the resource's: RFC 9110 section 15.5.6 wants `Allow` in the answer.
    package static func methodNotAllowed(allow: [HTTPRequest.Method]) -> RequestRefusal {
        RequestRefusal(
            .methodNotAllowed, "method not allowed", headers: [.allow: allow.map(\.rawValue).joined(separator: ", ")])
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers = headers
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: message + "\n")))
    }
}
