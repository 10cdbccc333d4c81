import ArgumentParser
import Auth
import Foundation
import Server
import Store

struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Makes a successor with the same principal, tenant and scopes, and prints it, this once.",
        discussion: """
            Both keys count until the overlap ends; revoke ends it early.

            Example:
              mcp-server keys rotate 3fWq0bZx81Ld --overlap 24h --config server.json
            """)

    @Argument(help: "The key's id.")
    var id: String

    @Option(help: "How long the old key still counts; 0s ends it at once.")
    var overlap: Seconds = .day

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let rotated = try await options.administration().rotate(id: id, overlap: TimeInterval(overlap.value))
        let record = rotated.issued.record
        try Output.print(
            Answer(
                keyId: record.id, key: rotated.issued.key.text.reveal(), principal: record.principal,
                scopes: record.scopes.scopes.sorted(), expiresAt: Output.epoch(record.expiresAt), replaces: rotated.replaced.id,
                oldExpiresAt: Output.epoch(rotated.replaced.expiresAt)))
    }

    private struct Answer: Encodable {
        let keyId: String
        let key: String
        let principal: String
        let scopes: [String]
        let expiresAt: Int
        let replaces: String
        let oldExpiresAt: Int
    }
}
