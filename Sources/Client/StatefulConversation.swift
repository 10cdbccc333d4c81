import MCP

/// 2025-11-25: `initialize` opens a session, whose identifier goes with every request; DELETE ends it.
actor StatefulConversation: Conversation {
    private struct Session: Sendable {
        /// Which one it is among those of this conversation.
        let number: Int
        /// Nil when the server keeps no session.
        let id: String?
        let version: ProtocolVersion
    }

    private let server: WebAddress
    private let exchange: AuthorizedExchange
    private var lastID = 0
    private var opened = 0
    private var session: Session?
    private var opening: Task<Result<Session, ClientError>, Never>?

    init(server: WebAddress, exchange: AuthorizedExchange) {
        self.server = server
        self.exchange = exchange
    }

    func request(_ method: String, _ parameters: [String: JSONValue]) async throws(ClientError) -> JSONValue {
        let session = try await current()
        let (answer, id) = try await send(method, parameters, in: session)
        // A session that the server does not know any more MUST be answered with a new `initialize` (transports, Session Management).
        guard answer.status == 404, session.id != nil else { return try RPCAnswerReader(id: id).result(of: answer) }
        if self.session?.number == session.number { self.session = nil }
        let (second, secondID) = try await send(method, parameters, in: try await current())
        return try RPCAnswerReader(id: secondID).result(of: second)
    }

    func close() async {
        guard let session, session.id != nil else { return }
        self.session = nil
        var call = HTTPCall(.delete, server)
        Self.mark(&call, with: session)
        // A server may refuse to end it (405), and may be gone: nothing depends on the answer.
        _ = try? await exchange.send(call)
    }

    private func send(
        _ method: String, _ parameters: [String: JSONValue], in session: Session
    ) async throws(ClientError) -> (HTTPAnswer, RequestID) {
        let id = nextID()
        var call = HTTPCall.message(RPCMessage(id: id, method: method, parameters: parameters), to: server)
        Self.mark(&call, with: session)
        return (try await exchange.send(call), id)
    }

    /// The session, opened once however many callers wait.
    private func current() async throws(ClientError) -> Session {
        if let session { return session }
        if let opening { return try await opening.value.get() }
        let opening = Task { await self.open() }
        self.opening = opening
        return try await opening.value.get()
    }

    private func open() async -> Result<Session, ClientError> {
        defer { opening = nil }
        do throws(ClientError) {
            let fresh = try await initialize()
            session = fresh
            return .success(fresh)
        } catch {
            return .failure(error)
        }
    }

    private func initialize() async throws(ClientError) -> Session {
        let id = nextID()
        let message = RPCMessage(
            id: id, method: "initialize",
            parameters: [
                "protocolVersion": .string(ProtocolVersion.newestStateful.rawValue), "capabilities": [:], "clientInfo": ClientIdentity.json,
            ])
        let answer = try await exchange.send(.message(message, to: server))
        let result = try RPCAnswerReader(id: id).result(of: answer)
        guard let version = result["protocolVersion"]?.string.flatMap(ProtocolVersion.init), version.era == .stateful else {
            throw .violation("the server chose a protocol version that this client does not speak", status: 200)
        }
        let sessionID = answer.fields[RequestHeaders.sessionField]
        guard sessionID?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw .violation("the server's session identifier has characters it cannot have", status: 200)
        }
        opened += 1
        let session = Session(number: opened, id: sessionID, version: version)
        var call = HTTPCall.message(RPCMessage(id: nil, method: "notifications/initialized"), to: server)
        Self.mark(&call, with: session)
        let accepted = try await exchange.send(call)
        guard (200...299).contains(accepted.status) else {
            throw .violation("the server answered \(accepted.status) to notifications/initialized", status: accepted.status)
        }
        return session
    }

    private static func mark(_ call: inout HTTPCall, with session: Session) {
        call.fields[RequestHeaders.protocolVersionField] = session.version.rawValue
        if let id = session.id { call.fields[RequestHeaders.sessionField] = id }
    }

    private func nextID() -> RequestID {
        lastID += 1
        return .integer(lastID)
    }
}
