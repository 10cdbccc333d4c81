import ChildProcesses
import Foundation
import Testing

/// The real program, killed in the middle.
@Suite("A run that is killed")
struct KilledRunTests {
    static let programs = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    func authbed(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            Self.root.appendingPathComponent(".build/release/authbed").path, arguments, directory: Self.root.path, output: .discarded,
            error: .discarded)
    }

    /// The processes whose command line names the folder.
    func living(_ folder: String) -> [Int] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int($0) }.filter { pid in
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).contains(folder) && pid != ProcessInfo.processInfo.processIdentifier
        }
    }

    /// Waits for something, with a deadline.
    func wait(_ limit: Double = 30, until: () -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(limit))
        while ContinuousClock.now < deadline {
            if until() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return until()
    }

    /// Waits until it is in the middle: subjects of some cell are up, and many cells are still to come.
    func begins(_ folder: String) async throws -> Bool {
        try await wait {
            String(decoding: FileManager.default.contents(atPath: folder + "/latest/events.jsonl") ?? Data(), as: UTF8.self)
                .contains(#""phase":"ready""#) && living(folder).count > 1
        }
    }

    @Test(
        "that is told to stop takes down what it started, and says by its status that it was told", .timeLimit(.minutes(2)),
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func told(by signal: Int32, status: Int32) async throws {
        let folder = NSTemporaryDirectory() + "authbed-told-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try authbed(["run", "--scheme", "oauth-jwt", "--scheme", "layered", "--quiet", "--results", folder])
        #expect(try await begins(folder))
        kill(run.pid, signal)
        if try await !wait(until: { living(folder).isEmpty }) { run.kill() }
        #expect(run.wait() == status)
    }

    @Test("leaves no process behind, and a trace that can be judged", .timeLimit(.minutes(2)))
    func killed() async throws {
        let folder = NSTemporaryDirectory() + "authbed-killed-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try authbed(["run", "--scheme", "oauth-jwt", "--scheme", "layered", "--quiet", "--results", folder])
        let trace = folder + "/latest/events.jsonl"
        #expect(try await begins(folder))
        run.kill()
        #expect(try await wait { living(folder).isEmpty })
        #expect([1, 3].contains(try authbed(["judge", trace]).wait()))
    }
}
