import ArgumentParser

struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Makes and disables users, and sets their passwords; a running issuer sees each change at once.",
        subcommands: [AddUser.self, ListUsers.self, SetPassword.self, DisableUser.self, EnableUser.self])
}
