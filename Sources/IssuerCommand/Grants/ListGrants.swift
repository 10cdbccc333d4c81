import ArgumentParser
import Issuer
import Store

struct ListGrants: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Prints all grants, the oldest first, without their tokens.")

    @Option(help: "Only those of this user.")
    var user: String?

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let grants = try await options.administration().store.grants(user: user)
        try Output.print(["grants": grants.map(GrantAnswer.init)])
    }
}
