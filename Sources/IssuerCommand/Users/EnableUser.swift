import ArgumentParser
import Issuer

struct EnableUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Lets a disabled user sign in again; what they had granted stays revoked.",
        discussion: """
            Example:
              token-issuer users enable ann --config issuer.json
            """)

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        try await options.administration().enableUser(name)
        try Output.print(UserAnswer(user: name, password: nil))
    }
}
