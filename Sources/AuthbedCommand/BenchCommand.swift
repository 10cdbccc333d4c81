import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench", abstract: "Measure throughput, start and memory.")
    func run() async throws {}
}
struct ReadmeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "readme", abstract: "Write the measured parts of the README.")
    func run() async throws {}
}
