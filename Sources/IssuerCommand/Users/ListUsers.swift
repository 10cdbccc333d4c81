import ArgumentParser
import Issuer
import Store

struct ListUsers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Prints all users, without anything of their passwords.",
        discussion: """
            Example:
              token-issuer users list --config issuer.json
            """)

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let users = try await options.administration().store.users()
        try Output.print([
            "users": users.map {
                Answer(user: $0.name, createdAt: Output.epoch($0.createdAt), disabledAt: Output.epoch($0.disabledAt))
            }
        ])
    }

    private struct Answer: Encodable {
        let user: String
        let createdAt: Int?
        let disabledAt: Int?
    }
}
