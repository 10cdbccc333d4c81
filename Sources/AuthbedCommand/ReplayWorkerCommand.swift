import ArgumentParser
import Bed

struct ReplayWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay-worker", abstract: "Replay what standard input says, from a process of its own.", shouldDisplay: false)

    func run() async throws {
        try await ReplayWorker.main()
    }
}
