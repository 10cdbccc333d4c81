import ArgumentParser
import Issuer

struct DisableClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Ends a client: it gets no more tokens, and those it has become inactive.")

    @Argument(help: "The client's identifier.")
    var id: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let since = try await options.administration().disable(id)
        try Output.print(Answer(clientId: id, disabledAt: Output.epoch(since)))
    }

    private struct Answer: Encodable {
        let clientId: String
        let disabledAt: Int?
    }
}
