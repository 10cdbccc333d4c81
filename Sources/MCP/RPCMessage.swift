/// What a client can post: one request or one notification.
package struct RPCMessage: Sendable, Hashable {
    /// Nil for a notification.
    package var id: RequestID?
    package var method: String
    package var parameters: [String: JSONValue]

    package init(id: RequestID?, method: String, parameters: [String: JSONValue] = [:]) {
        self.id = id
        self.method = method
        self.parameters = parameters
    }

    /// Reads the body of a POST: a single request or notification; a batch or a response is refused
    /// (2025-06-18 and later, Sending Messages).
    ///
    /// - Throws: `RPCError` with code -32700 for a text that is no JSON, -32600 for JSON that is no such message.
    package init(parsing body: some Sequence<UInt8>) throws(RPCError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw .parse(error.description)
        }
        try self.init(value)
    }

    package init(_ value: JSONValue) throws(RPCError) {
        guard case .object(let members) = value else { throw .invalidRequest("The body must be one JSON-RPC message") }
        guard members["jsonrpc"] == "2.0" else { throw .invalidRequest("jsonrpc must be \"2.0\"") }
        guard let method = members["method"]?.string else { throw .invalidRequest("A message needs a method") }
        if let id = members["id"] {
            guard let id = RequestID(id) else { throw .invalidRequest("id must be a string or a whole number") }
            self.id = id
        }
        self.method = method
        switch members["params"] {
        case nil: parameters = [:]
        case .object(let members): parameters = members
        default: throw .invalidRequest("params must be an object")
        }
    }

    package var isNotification: Bool { id == nil }

    /// The tool, resource or prompt the request is about, which `Mcp-Name` repeats.
    package var name: String? {
        switch method {
        case "tools/call", "prompts/get": parameters["name"]?.string
        case "resources/read": parameters["uri"]?.string
        default: nil
        }
    }

    package var isNamed: Bool { ["tools/call", "prompts/get", "resources/read"].contains(method) }

    package var meta: [String: JSONValue] { parameters["_meta"]?.object ?? [:] }

    package var json: JSONValue {
        var members: [String: JSONValue] = ["jsonrpc": "2.0", "method": .string(method)]
        members["id"] = id?.json
        if !parameters.isEmpty { members["params"] = .object(parameters) }
        return .object(members)
    }
}

/// The answer to a request.
package struct RPCResponse: Sendable, Hashable {
    /// Nil, and `null` on the wire, when the request could not be read far enough to know it.
    package var id: RequestID?
    package var outcome: Result<JSONValue, RPCError>

    package init(id: RequestID?, outcome: Result<JSONValue, RPCError>) {
        self.id = id
        self.outcome = outcome
    }

    /// Reads an answer, as a client does.
    ///
    /// - Throws: `RPCError` -32600 for JSON that is no response.
    package init(_ value: JSONValue) throws(RPCError) {
        guard value["jsonrpc"] == "2.0" else { throw .invalidRequest("jsonrpc must be \"2.0\"") }
        id = value["id"].flatMap(RequestID.init)
        switch (value["result"], value["error"]) {
        case (let result?, nil): outcome = .success(result)
        case (nil, let error?):
            guard let code = error["code"]?.integer, let message = error["message"]?.string else {
                throw .invalidRequest("An error needs a code and a message")
            }
            outcome = .failure(RPCError(code: code, message: message, data: error["data"]))
        default: throw .invalidRequest("A response has either a result or an error")
        }
    }

    package var json: JSONValue {
        let id = id?.json ?? .null
        return switch outcome {
        case .success(let result): ["jsonrpc": "2.0", "id": id, "result": result]
        case .failure(let error): ["jsonrpc": "2.0", "id": id, "error": error.json]
        }
    }
}
