import ArgumentParser
import Issuer

struct RevokeGrant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Ends a grant: its refresh token and its access tokens are worth nothing from now on.",
        discussion: """
            The consent stays: the client may ask again and is not asked for. See consents revoke to end that too.

            Example:
              token-issuer grants revoke 5Kd2pVqYb1m0Zx3cT8uJ9w --config issuer.json
            """)

    @Argument(help: "The grant's identifier, as grants list prints it.")
    var id: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        try Output.print(GrantAnswer(try await options.administration().revokeGrant(id)))
    }
}
