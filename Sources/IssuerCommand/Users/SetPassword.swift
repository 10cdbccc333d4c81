import ArgumentParser
import Auth
import Issuer

struct SetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-password",
        abstract: "Gives a user another password and signs them out everywhere; what they have granted stays.",
        discussion: """
            Examples:
              token-issuer users set-password ann --config issuer.json
              echo 'correct horse battery' | token-issuer users set-password ann --password-file - --config issuer.json
            """)

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var password: PasswordOption
    @OptionGroup var options: StoreOptions

    func run() async throws {
        let administration = try options.administration()
        let generated = try await administration.setPassword(of: name, to: try password.read())
        try Output.print(UserAnswer(user: name, password: generated?.reveal()))
    }
}
