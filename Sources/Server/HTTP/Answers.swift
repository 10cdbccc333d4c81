import HTTPTypes
import Hummingbird
import HummingbirdCore
import MCP
import NIOCore
import Serving

extension HTTPField.Name {
    static let mcpSession = known(RequestHeaders.sessionField)
    static let mcpProtocolVersion = known(RequestHeaders.protocolVersionField)
    static let mcpMethod = known(RequestHeaders.methodField)
    static let mcpName = known(RequestHeaders.nameField)
    static let accelBuffering = known("X-Accel-Buffering")
}

extension Response {
    /// A JSON document that no cache may keep: it is for this caller alone.
    static func json(_ status: HTTPResponse.Status, _ value: JSONValue, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: value.text)))
    }

    static func json(_ response: RPCResponse, in era: Era, headers: HTTPFields = [:]) -> Response {
        switch response.outcome {
        case .success: json(.ok, response.json, headers: headers)
        case .failure(let error): json(.init(code: error.status(in: era)), response.json, headers: headers)
        }
    }

    static func empty(_ status: HTTPResponse.Status) -> Response {
        Response(status: status, headers: [.contentLength: "0"])
    }
}

extension RequestHeaders {
    init(_ headers: HTTPFields) {
        self.init(
            protocolVersion: headers[values: .mcpProtocolVersion], method: headers[values: .mcpMethod],
            name: headers[values: .mcpName], session: headers[values: .mcpSession])
    }
}
