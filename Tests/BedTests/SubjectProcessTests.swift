import Bed
import Foundation
import Synchronization
import Testing

@Suite("A subject process", .serialized)
struct SubjectProcessTests {
    func start(_ script: String, limit: Duration = .seconds(60)) async throws -> SubjectProcess {
        let spec = ProcessSpec(role: "server", command: ["/bin/sh", "-c", script], environment: [:], readyLimit: limit)
        return try await SubjectProcess.start(spec) { _, _ in }
    }

    /// Whether a process runs; one that has ended and was not yet collected does not.
    func runs(_ pid: Int) -> Bool {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat").map({ String(decoding: $0, as: UTF8.self) }) else {
            return false
        }
        return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    @Test("is ready with its ready line, whatever it printed before, and ends when it is stopped")
    func ready() async throws {
        let process = try await start(#"echo starting; echo '{"ready":{"url":"http://127.0.0.1:1"}}'; cat"#)
        #expect(process.ready == ["url": "http://127.0.0.1:1"])
        #expect(process.end == nil)
        await process.stop()
        #expect(process.end?.expected == true)
        #expect(!runs(process.pid))
    }

    @Test(
        "that dies, or prints rubbish and ends, is an error with its last lines",
        arguments: [("echo no such file >&2; exit 3", "no such file"), ("echo rubbish", "rubbish"), (#"echo '{"ready":'"#, #"{"ready":"#)])
    func dies(script: String, line: String) async throws {
        let error = await #expect(throws: BedError.self) { _ = try await start(script) }
        #expect(error?.lastLines.contains(line) == true)
    }

    @Test("that never gets ready is ended after its limit, with everything it started")
    func hangs() async throws {
        let file = NSTemporaryDirectory() + "authbed-hang-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let error = await #expect(throws: BedError.self) {
            _ = try await start("sleep 1000 & echo $! > '\(file)'; echo waiting; wait", limit: .milliseconds(300))
        }
        #expect(error?.message.contains("no ready line") == true)
        let child = try #require(Int(String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        // The group was killed, and the kernel ends its members in its own time.
        let limit = ContinuousClock.now.advanced(by: .seconds(60))
        while runs(child), ContinuousClock.now < limit { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!runs(child))
    }

    @Test("that ends by itself is told from one that was stopped")
    func unexpectedEnd() async throws {
        let end = AsyncStream<SubjectProcess.End>.makeStream()
        let spec = ProcessSpec(
            role: "server", command: ["/bin/sh", "-c", #"echo '{"ready":{}}'; read x; exit 7"#], environment: [:], readyLimit: .seconds(60))
        let process = try await SubjectProcess.start(spec) { _, ended in
            end.continuation.yield(ended)
            end.continuation.finish()
        }
        _ = await #expect(throws: BedError.self) { try await process.ask("go") }
        let ended = await end.stream.first { _ in true }
        #expect(ended?.expected == false)
        #expect(ended?.status.contains("7") == true)
    }

    @Test("answers a line with a line of JSON, past what it logs")
    func asks() async throws {
        let process = try await start(#"echo '{"ready":{}}'; while read x; do echo log; echo "{\"got\":\"$x\"}"; done"#)
        #expect(try await process.ask("one") == #"{"got":"one"}"#)
        #expect(try await process.ask("two") == #"{"got":"two"}"#)
        await process.stop()
    }
}
