import ArgumentParser

struct Consents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consents",
        abstract: "Shows and takes back what users have allowed clients to do.",
        subcommands: [ListConsents.self, RevokeConsents.self])
}
