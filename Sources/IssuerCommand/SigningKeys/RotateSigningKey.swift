import ArgumentParser
import Foundation
import Issuer
import OAuth
import Store

struct RotateSigningKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Makes a new key that signs at once; the old one stays published for the overlap.",
        discussion: """
            An overlap shorter than the life of tokens makes good tokens fail before their time.

            Example:
              token-issuer signing-keys rotate --overlap 1h --config issuer.json
            """)

    @Option(help: "How long the old key stays in the key set; 0s removes it at once.")
    var overlap: Seconds = .hour

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let algorithm = options.config == nil ? nil : try options.configuration().algorithm
        let (key, retired) = try await options.administration(make: true)
            .rotateSigningKey(algorithm: algorithm, overlap: TimeInterval(overlap.value))
        try Output.print(Answer(kid: key.kid, algorithm: key.algorithm, retired: retired))
    }

    private struct Answer: Encodable {
        let kid: String
        let algorithm: String
        let retired: [String]
    }
}
