import ArgumentParser
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves until SIGTERM or SIGINT.",
        discussion: """
            Prints {"ready":{"url":…,"mcp":…}} once it accepts connections. SIGHUP reads certificates, the revocation list
            and client secrets again, and opens the audit trail anew.

            Examples:
              mcp-server serve --config server.json
              echo '{"scheme":"api-key","store":"server.sqlite"}' | mcp-server serve --config -
            """)

    @Option(help: "The configuration, a JSON file, or - for one line on standard input.")
    var config: String

    @Flag(help: "End when standard input is closed.")
    var exitWithParent = false

    func run() async throws {
        try await ServerProgram.serve(
            configurationText: try ServerProgram.read(config), file: config, exitWithParent: exitWithParent)
    }
}
