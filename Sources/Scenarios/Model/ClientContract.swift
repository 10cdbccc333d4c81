/// How a client under test is told what to do.
package enum ClientContract: String, Sendable, Codable, Hashable, CaseIterable {
    /// A process that is started once with a configuration document, and calls a tool for each line of its standard input.
    case session
    /// A command that is run once for each call, with what it needs in the place of `{url}`, `{ca}`, `{header-file}` and others.
    case command
    /// The official conformance suite's: a command that is run once, with the server's URL behind its arguments, and
    /// `MCP_CONFORMANCE_SCENARIO`, `MCP_CONFORMANCE_CONTEXT` and `MCP_CONFORMANCE_PROTOCOL_VERSION` in its environment.
    case conformance
}
