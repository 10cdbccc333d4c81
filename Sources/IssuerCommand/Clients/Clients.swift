import ArgumentParser

struct Clients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients",
        abstract: "Registers clients and changes their secrets; a running issuer sees each change at once.",
        subcommands: [AddClient.self, ListClients.self, RotateSecret.self, RetireSecret.self, DisableClient.self])
}
