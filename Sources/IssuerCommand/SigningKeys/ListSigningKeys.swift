import ArgumentParser
import Issuer
import Store

struct ListSigningKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Prints all signing keys, without the private parts.")

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let keys = try await options.administration().store.allSigningKeys()
        try Output.print([
            "keys": keys.map {
                Answer(
                    kid: $0.kid, algorithm: $0.algorithm, createdAt: Output.epoch($0.createdAt), signs: $0.publishedUntil == nil,
                    publishedUntil: Output.epoch($0.publishedUntil))
            }
        ])
    }

    private struct Answer: Encodable {
        let kid: String
        let algorithm: String
        let createdAt: Int?
        let signs: Bool
        let publishedUntil: Int?
    }
}
