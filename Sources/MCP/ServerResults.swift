/// The results of the methods every server answers, in the form of each era.
package struct ServerResults: Sendable {
    package var name: String
    package var version: String
    package var instructions: String
    package var tools: [Tool]
    /// For how long a client may reuse the list of tools, in milliseconds (2026-07-28, caching).
    package var lifetimeMilliseconds = 60_000

    package init(name: String, version: String, instructions: String, tools: [Tool]) {
        self.name = name
        self.version = version
        self.instructions = instructions
        self.tools = tools
    }

    private var identity: JSONValue { ["name": .string(name), "version": .string(version)] }

    private var capabilities: JSONValue { ["tools": [:]] }

    /// The result of `initialize`: the version asked for where it is spoken here, otherwise the newest with sessions.
    package func initialize(_ message: RPCMessage) throws(RPCError) -> (version: ProtocolVersion, result: JSONValue) {
        guard let requested = message.parameters["protocolVersion"]?.string else {
            throw .invalidParameters("initialize needs a protocolVersion")
        }
        let known = ProtocolVersion(rawValue: requested).flatMap { $0.era == .stateful ? $0 : nil }
        let version = known ?? .newestStateful
        return (
            version,
            [
                "protocolVersion": .string(version.rawValue), "capabilities": capabilities, "serverInfo": identity,
                "instructions": .string(instructions),
            ]
        )
    }

    /// The result of `server/discover`.
    package var discover: JSONValue {
        [
            "resultType": "complete",
            "supportedVersions": .array(ProtocolVersion.allCases.map { .string($0.rawValue) }),
            "capabilities": capabilities,
            "instructions": .string(instructions),
            "ttlMs": .integer(lifetimeMilliseconds),
            "cacheScope": "private",
            "_meta": ["io.modelcontextprotocol/serverInfo": identity],
        ]
    }

    /// The result of `tools/list`, the same for every caller: what a caller may not use is refused at the call.
    package func list(in era: Era) -> JSONValue {
        var members: [String: JSONValue] = ["tools": .array(tools.map(\.json))]
        if era == .stateless {
            members["resultType"] = "complete"
            members["ttlMs"] = .integer(lifetimeMilliseconds)
            members["cacheScope"] = "private"
        }
        return .object(members)
    }
}
