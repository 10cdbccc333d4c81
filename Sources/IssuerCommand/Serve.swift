import ArgumentParser
import Issuer

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves tokens until SIGTERM or SIGINT.",
        discussion: """
            Prints {"ready":{"url":…,"issuer":…}} once it accepts connections. SIGHUP reads the TLS certificate and key again.

            Examples:
              token-issuer serve --config issuer.json
              echo '{"store":"issuer.sqlite"}' | token-issuer serve --config -
            """)

    @Option(help: "The configuration, a JSON file, or - for one line on standard input.")
    var config: String

    @Flag(help: "End when standard input is closed.")
    var exitWithParent = false

    func run() async throws {
        try await IssuerProgram.serve(
            configurationText: try IssuerProgram.read(config), file: config, exitWithParent: exitWithParent)
    }
}
