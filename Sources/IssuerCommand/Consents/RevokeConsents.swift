import ArgumentParser
import Issuer

struct RevokeConsents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Takes back what a user has allowed, and ends every token that came from it.",
        discussion: """
            Examples:
              token-issuer consents revoke --user ann --client editor --config issuer.json
              token-issuer consents revoke --user ann --config issuer.json
            """)

    @Option(help: "Who allowed it.")
    var user: String

    @Option(help: "Only for this client; without it for all.")
    var client: String?

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let revoked = try await options.administration().revokeConsents(of: user, client: client)
        try Output.print(Answer(user: user, clientId: client, consents: revoked.consents, grants: revoked.grants))
    }

    private struct Answer: Encodable {
        let user: String
        let clientId: String?
        let consents: Int
        let grants: Int
    }
}
