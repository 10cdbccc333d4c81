import ArgumentParser

@main
struct MCPServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp-server",
        abstract: "Serves MCP tools over HTTP to callers that prove who they are.",
        discussion: """
            Examples:
              mcp-server keys issue --principal alice --scope mcp:read --config server.json
              mcp-server serve --config server.json
              curl --cacert ca.pem https://localhost:4381/mcp/tools/canary.read \\
                -H 'Authorization: Bearer sk_test_…' -H 'Content-Type: application/json' -d '{}'

            A configuration is one JSON object; only "scheme" is required:
              {"listen":{"host":"127.0.0.1","port":4381},"scheme":"api-key","store":"server.sqlite","files":"files",
               "tls":{"certificate":"server.pem","key":"server.key"},"audit":"audit.jsonl"}
            Schemes: none, api-key, oauth-jwt, oauth-introspection, mtls, mtls-crl, mtls-ocsp, layered.

            Exit status: 0 done, 1 refused, 2 wrong arguments or files, 3 failed.
            """,
        subcommands: [Serve.self, Keys.self, BenchVerification.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.exit(with: error)
        }
    }
}
