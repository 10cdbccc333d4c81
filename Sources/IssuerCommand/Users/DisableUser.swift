import ArgumentParser
import Issuer

struct DisableUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Ends a user: they are signed out, cannot sign in, and all that they have granted is revoked.",
        discussion: """
            Example:
              token-issuer users disable ann --config issuer.json
            """)

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let since = try await options.administration().disableUser(name)
        try Output.print(Answer(user: name, disabledAt: Output.epoch(since)))
    }

    private struct Answer: Encodable {
        let user: String
        let disabledAt: Int?
    }
}
