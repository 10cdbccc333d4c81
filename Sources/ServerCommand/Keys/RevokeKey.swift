import ArgumentParser
import Auth
import Server

struct RevokeKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Ends a key for good.",
        discussion: """
            When the command returns, no server on the store accepts the key any more.

            Example:
              mcp-server keys revoke 3fWq0bZx81Ld --config server.json
            """)

    @Argument(help: "The key's id.")
    var id: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let record = try await options.administration().revoke(id: id)
        try Output.print(Answer(keyId: record.id, revokedAt: record.revokedAt.map(Output.epoch)))
    }

    private struct Answer: Encodable {
        let keyId: String
        let revokedAt: Int?
    }
}
