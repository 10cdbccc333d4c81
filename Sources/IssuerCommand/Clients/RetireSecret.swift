import ArgumentParser
import Issuer

struct RetireSecret: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire-secret",
        abstract: "Ends a client's old secrets now, and the tokens they obtained.")

    @Argument(help: "The client's identifier.")
    var id: String

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let administration = try options.administration()
        let count = try await administration.retireSecrets(of: id)
        try Output.print(Answer(clientId: id, retired: count, retiredAt: Output.epoch(administration.now)))
    }

    private struct Answer: Encodable {
        let clientId: String
        let retired: Int
        let retiredAt: Int?
    }
}
