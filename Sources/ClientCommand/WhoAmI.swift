import ArgumentParser

struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Asks the server who it takes us for.",
        discussion: """
            Example:
              mcp-client whoami --server https://127.0.0.1:4381/mcp --ca ca.pem --certificate alice.pem --key alice.key
            """)

    @Flag(help: "Print the whole result, or the error, as one JSON object.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Calling.tool("whoami", [:], connection, json: json)
    }
}
