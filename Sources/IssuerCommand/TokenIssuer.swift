import ArgumentParser
import Foundation

@main
struct TokenIssuer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token-issuer",
        abstract: "Gives access tokens to registered clients, for themselves or for users who let them (OAuth 2.1).",
        discussion: """
            Examples:
              token-issuer clients add alice --scope mcp:read --resource https://127.0.0.1:4381/mcp --config issuer.json
              token-issuer users add ann --config issuer.json
              token-issuer serve --config issuer.json
              curl --cacert ca.pem -u alice:SECRET -d grant_type=client_credentials https://127.0.0.1:4400/oauth/token

            A configuration is one JSON object; only "store" is required:
              {"listen":{"host":"127.0.0.1","port":4400},"tls":{"certificate":"issuer.pem","key":"issuer.key"},
               "store":"issuer.sqlite","token_lifetime_seconds":3600,"algorithm":"ES256","audit":"issuer-audit.jsonl"}

            Exit status: 0 done, 1 refused, 2 wrong arguments or configuration, 3 failed.
            """,
        subcommands: [Serve.self, Clients.self, Users.self, Consents.self, Grants.self, SigningKeys.self])

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
