import ArgumentParser
import Server

struct BenchVerification: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-verification",
        abstract: "Measures how many signed tokens this program verifies in a second, on one thread and without any network.",
        discussion: """
            The token is signed with ES256 and goes through every check that the token of a call goes through. To compare:
              openssl speed -seconds 1 ecdsap256

            Example:
              mcp-server bench-verification --seconds 1s
            """)

    @Option(help: "How long to measure.") var seconds: Seconds = .second

    func run() async throws {
        try Output.print(try await VerificationBench.run(seconds: Double(seconds.value)))
    }
}
