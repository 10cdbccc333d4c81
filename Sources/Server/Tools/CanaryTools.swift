import Auth
import MCP
import Synchronization

/// Tools that do nothing but tell whether they were reached: `canary.read`, `canary.write`, `canary.stream`.
package final class Canary: Sendable {
    private let writes = Atomic<Int>(0)

    package init() {}

    package var tools: [ServerTool] {
        [
            ServerTool(
                Tool(
                    name: "canary.read", description: "Says how often canary.write was called.",
                    inputSchema: Schema.object([:], required: []), isReadOnly: true),
                scopes: ["mcp:read"]
            ) { (call) throws(ToolFailure) in
                try call.only()
                return .result(ToolResult(["canary": "alive", "writes": .integer(self.writes.load(ordering: .sequentiallyConsistent))]))
            },
            ServerTool(
                Tool(
                    name: "canary.write", description: "Counts one up, and says how far.",
                    inputSchema: Schema.object([:], required: []), isReadOnly: false),
                scopes: ["mcp:write"]
            ) { (call) throws(ToolFailure) in
                try call.only()
                let writes = self.writes.add(1, ordering: .sequentiallyConsistent).newValue
                return .result(ToolResult(["canary": "alive", "writes": .integer(writes)]))
            },
            Self.stream,
        ]
    }

    private static let counts = 1...10_000
    private static let intervals = 0...60_000

    private static let stream = ServerTool(
        Tool(
            name: "canary.stream", description: "Sends events at an interval, for as long as the caller's credential holds.",
            inputSchema: Schema.object(
                [
                    "count": Schema.integer("How many events.", counts),
                    "interval_ms": Schema.integer("Milliseconds between two events.", intervals),
                ], required: []),
            isReadOnly: true),
        scopes: ["mcp:read"]
    ) { (call) throws(ToolFailure) in
        try call.only("count", "interval_ms")
        let count = try call.integer("count", in: counts, default: 10)
        let interval = try call.integer("interval_ms", in: intervals, default: 100)
        return .ticks(count: count, interval: .milliseconds(interval), result: ToolResult(["ticks": .integer(count)]))
    }
}

/// `whoami`: what the server knows of its caller.
package enum WhoAmI {
    package static let tool = ServerTool(
        Tool(
            name: "whoami", description: "Says who the caller is, and what it may do.",
            inputSchema: Schema.object([:], required: []), isReadOnly: true),
        scopes: []
    ) { (call) throws(ToolFailure) in
        try call.only()
        let principal = call.principal
        var members: [String: JSONValue] = [
            "principal": .string(principal.name),
            "scopes": .array(principal.scopes.scopes.sorted().map(JSONValue.string)),
        ]
        switch principal.credential {
        case .apiKey(let id): members["key_id"] = .string(id)
        case .token(let issuer, let jti):
            members["issuer"] = .string(issuer)
            members["jti"] = jti.map(JSONValue.string)
        case .certificate(let serial, let thumbprint):
            members["serial"] = .string(serial)
            members["thumbprint"] = .string(thumbprint)
        case .none: break
        }
        return .result(ToolResult(members))
    }
}
