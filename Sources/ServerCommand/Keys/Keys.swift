import ArgumentParser

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Administers API keys, beside a running server.",
        discussion: """
            What is done here counts for the next request, in every server on the store. Each command prints one JSON object.

            Examples:
              mcp-server keys issue --principal alice --scope mcp:read --scope mcp:write --config server.json
              mcp-server keys rotate 3fWq0bZx81Ld --overlap 24h --config server.json
              mcp-server keys revoke 3fWq0bZx81Ld --config server.json
            """,
        subcommands: [IssueKey.self, ListKeys.self, RotateKey.self, RevokeKey.self])
}
