import ArgumentParser
import Server

struct ListKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Prints every key's facts, and no key.")

    @OptionGroup var options: StoreOptions

    func run() async throws {
        try Output.print(Answer(keys: try await options.administration().list().map(KeyAnswer.init)))
    }

    private struct Answer: Encodable {
        let keys: [KeyAnswer]
    }
}
