import MCP

/// Asks one server by MCP.
protocol Conversation: Sendable {
    /// Sends one request and gives its result.
    func request(_ method: String, _ parameters: [String: JSONValue]) async throws(ClientError) -> JSONValue

    /// Says good-bye where the protocol has a word for it.
    func close() async
}

extension HTTPCall {
    /// A message as a POST (Streamable HTTP, Sending Messages).
    static func message(_ message: RPCMessage, to server: WebAddress) -> HTTPCall {
        var call = HTTPCall(
            .post, server, fields: ["Content-Type": "application/json", "Accept": "application/json, text/event-stream"],
            body: Array(message.json.text.utf8))
        call.operation = message.name.map { "\(message.method) \($0)" } ?? message.method
        if let id = message.id { call.enough = RPCAnswerReader(id: id).watch() }
        return call
    }
}

/// What a client says of itself. It is told to everybody, and proves nothing.
enum ClientIdentity {
    static let json: JSONValue = ["name": "authbed-client", "version": "1"]
}
