import ArgumentParser
import Issuer
import Store

struct ListConsents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Prints what users have allowed.",
        discussion: """
            Examples:
              token-issuer consents list --config issuer.json
              token-issuer consents list --user ann --client editor --config issuer.json
            """)

    @Option(help: "Only what this user has allowed.")
    var user: String?

    @Option(help: "Only what this client was allowed.")
    var client: String?

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let consents = try await options.administration().store.consents(user: user, client: client)
        try Output.print([
            "consents": consents.map {
                Answer(
                    user: $0.user, clientId: $0.clientID, resource: $0.audience, scopes: ClientAnswer.sorted($0.scopes),
                    givenAt: Output.epoch($0.givenAt))
            }
        ])
    }

    private struct Answer: Encodable {
        let user: String
        let clientId: String
        let resource: String
        let scopes: [String]
        let givenAt: Int?
    }
}
