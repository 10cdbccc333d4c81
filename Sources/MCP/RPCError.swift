/// A JSON-RPC 2.0 error object, with the HTTP status MCP prescribes for it.
package struct RPCError: Error, Sendable, Hashable {
    package var code: Int
    package var message: String
    package var data: JSONValue?

    package init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    package static let headerMismatchCode = -32020
    package static let unsupportedVersionCode = -32022

    package static func parse(_ why: String) -> RPCError { RPCError(code: -32700, message: "Parse error: \(why)") }
    package static func invalidRequest(_ why: String) -> RPCError { RPCError(code: -32600, message: why) }
    /// The method is not repeated: what an attacker sends is not reflected.
    package static let methodNotFound = RPCError(code: -32601, message: "Method not found")
    package static func invalidParameters(_ why: String) -> RPCError { RPCError(code: -32602, message: why) }
    package static let internalError = RPCError(code: -32603, message: "Internal error")
    /// A field of the HTTP header is missing, malformed, or says something else than the body (2026-07-28, Server Validation).
    package static func headerMismatch(_ why: String) -> RPCError {
        RPCError(code: headerMismatchCode, message: "Header mismatch: \(why)")
    }
    /// A protocol version that is not spoken here, with those that are.
    package static func unsupportedVersion(_ requested: String) -> RPCError {
        let supported = ProtocolVersion.allCases.map { JSONValue.string($0.rawValue) }
        return RPCError(
            code: unsupportedVersionCode, message: "Unsupported protocol version",
            data: ["supported": .array(supported), "requested": .string(requested)])
    }

    /// The status of the answer that carries this error.
    package func status(in era: Era) -> Int {
        switch (code, era) {
        case (-32601, .stateless): 404
        case (-32603, _): 500
        // In the stateful era an error of a method travels in a successful answer; one of the transport does not.
        case (-32601, .stateful), (-32602, .stateful): 200
        default: 400
        }
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = ["code": .integer(code), "message": .string(message)]
        members["data"] = data
        return .object(members)
    }
}

/// The identifier by which a response finds its request: a string or a whole number, never null (MCP, Requests).
package enum RequestID: Sendable, Hashable {
    case string(String)
    case integer(Int)

    package init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .integer(let number): self = .integer(number)
        default: return nil
        }
    }

    package var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .integer(number)
        }
    }
}
