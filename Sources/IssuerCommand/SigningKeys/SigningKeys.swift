import ArgumentParser

struct SigningKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signing-keys",
        abstract: "Shows and rotates the keys that sign tokens; a running issuer uses the new key at once.",
        subcommands: [ListSigningKeys.self, RotateSigningKey.self])
}
