import MCP
import Synchronization

/// 2026-07-28: every request describes itself, in its header and in `_meta`.
final class StatelessConversation: Conversation {
    private let server: WebAddress
    private let exchange: AuthorizedExchange
    private let lastID = Mutex(0)

    init(server: WebAddress, exchange: AuthorizedExchange) {
        self.server = server
        self.exchange = exchange
    }

    func request(_ method: String, _ parameters: [String: JSONValue]) async throws(ClientError) -> JSONValue {
        let id = RequestID.integer(
            lastID.withLock { last in
                last += 1
                return last
            })
        let version = ProtocolVersion.v2026_07_28.rawValue
        var parameters = parameters
        parameters["_meta"] = [
            RequestHeaders.protocolVersionMember: .string(version),
            RequestHeaders.capabilitiesMember: [:],
            "io.modelcontextprotocol/clientInfo": ClientIdentity.json,
        ]
        let message = RPCMessage(id: id, method: method, parameters: parameters)
        var call = HTTPCall.message(message, to: server)
        call.fields[RequestHeaders.protocolVersionField] = version
        call.fields[RequestHeaders.methodField] = method
        if let name = message.name { call.fields[RequestHeaders.nameField] = RequestHeaders.encode(name) }
        return try RPCAnswerReader(id: id).result(of: try await exchange.send(call))
    }

    func close() async {}
}
