import ArgumentParser
import Auth
import Foundation
import Issuer
import Store

struct RotateSecret: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-secret",
        abstract: "Gives a client a new secret beside the old one.",
        discussion: """
            Both secrets are good until the overlap ends; retire-secret ends it early.

            Example:
              token-issuer clients rotate-secret alice --overlap 24h --config issuer.json
            """)

    @Argument(help: "The client's identifier.")
    var id: String

    @Option(help: "How long the old secret stays good; 0s ends it at once.")
    var overlap: Seconds = .day

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let new = try await options.administration().rotateSecret(of: id, overlap: TimeInterval(overlap.value))
        try Output.print(
            Answer(
                clientId: id, clientSecret: new.secret?.reveal(), scopes: ClientAnswer.sorted(new.registration.client.scopes),
                oldExpiresAt: Output.epoch(new.registration.secrets.dropLast().last?.validUntil)))
    }

    private struct Answer: Encodable {
        let clientId: String
        let clientSecret: String?
        let scopes: [String]
        let oldExpiresAt: Int?
    }
}
