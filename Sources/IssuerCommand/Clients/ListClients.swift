import ArgumentParser
import Issuer
import Store

struct ListClients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Prints all clients, without their secrets.")

    @OptionGroup var options: StoreOptions

    func run() async throws {
        try Output.print(["clients": try await options.administration().store.registrations().map(ClientAnswer.init)])
    }
}
