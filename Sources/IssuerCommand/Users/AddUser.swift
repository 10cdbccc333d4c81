import ArgumentParser
import Auth
import Issuer

struct AddUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Makes a user, who can then log in and let clients act for them.",
        discussion: """
            Examples:
              token-issuer users add ann --config issuer.json
              token-issuer users add ann --password-file ann.password --config issuer.json
            """)

    @Argument(help: "What is typed to log in: letters, digits and -._@")
    var name: String

    @OptionGroup var password: PasswordOption
    @OptionGroup var options: StoreOptions

    func run() async throws {
        let administration = try options.administration(make: true)
        let generated = try await administration.addUser(name, password: try password.read())
        try Output.print(UserAnswer(user: name, password: generated?.reveal()))
    }
}
