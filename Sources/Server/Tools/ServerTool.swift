package import Auth
package import MCP

/// A tool with the scopes a caller needs for it, and what it does.
package struct ServerTool: Sendable {
    package var tool: Tool
    /// Every one of these is needed; empty for a tool open to any authenticated caller.
    package var scopes: ScopeSet
    /// Why a caller who has the scopes may not do this all the same; asked before anything is done.
    package var objection: @Sendable (ToolCall) async -> Refusal?
    package var run: @Sendable (ToolCall) async throws(ToolFailure) -> ToolOutcome

    package init(
        _ tool: Tool, scopes: ScopeSet, objection: @escaping @Sendable (ToolCall) async -> Refusal? = { _ in nil },
        run: @escaping @Sendable (ToolCall) async throws(ToolFailure) -> ToolOutcome
    ) {
        self.tool = tool
        self.scopes = scopes
        self.objection = objection
        self.run = run
    }
}

/// A call that has been authenticated and allowed.
package struct ToolCall: Sendable {
    package var principal: Principal
    /// Whose data it sees and changes; nil: nobody's in particular.
    package var tenant: String?
    package var arguments: [String: JSONValue]

    package init(principal: Principal, tenant: String? = nil, arguments: [String: JSONValue]) {
        self.principal = principal
        self.tenant = tenant
        self.arguments = arguments
    }

    /// An argument that must be there and be a string.
    package func string(_ name: String) throws(ToolFailure) -> String {
        guard let value = arguments[name]?.string else { throw ToolFailure("\(name) must be a string") }
        return value
    }

    /// An argument that may be absent, and otherwise is a whole number within the range.
    package func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(ToolFailure) -> Int {
        guard let value = arguments[name] else { return fallback }
        guard let number = value.integer, range.contains(number) else {
            throw ToolFailure("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Objects to arguments the tool does not have.
    package func only(_ names: String...) throws(ToolFailure) {
        guard arguments.keys.allSatisfy(names.contains) else {
            throw ToolFailure("the arguments are: \(names.isEmpty ? "none" : names.joined(separator: ", "))")
        }
    }
}

/// Why a tool could not do what it was asked, in words the caller may see: no path or message of the machine in them.
package struct ToolFailure: Error, Sendable, Hashable {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// What comes out of a tool: one result, or events on the way to it.
package enum ToolOutcome: Sendable {
    case result(ToolResult)
    /// Events at an interval, and then the result.
    case ticks(count: Int, interval: Duration, result: ToolResult)
}

/// Shorthand for the JSON Schema of a tool's arguments.
enum Schema {
    static func object(_ properties: [String: JSONValue], required: [String]) -> JSONValue {
        [
            "type": "object", "properties": .object(properties), "required": .array(required.map(JSONValue.string)),
            "additionalProperties": false,
        ]
    }

    static func string(_ description: String) -> JSONValue { ["type": "string", "description": .string(description)] }

    static func integer(_ description: String, _ range: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "description": .string(description), "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound),
        ]
    }
}
