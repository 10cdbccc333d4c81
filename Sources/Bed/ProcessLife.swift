import Foundation
import Probing
import Synchronization

/// What is known of a process while it lives; the meeting point of its pump, its limits and its owner.
final class ProcessLife: Sendable {
    private struct State {
        var pid: Int?
        var ready: Result<[String: String], BedError>?
        var readyWaiter: CheckedContinuation<Result<[String: String], BedError>, Never>?
        var answerWaiter: CheckedContinuation<Result<String, BedError>, Never>?
        var stopWaiter: CheckedContinuation<Void, Never>?
        var stopping = false
        var asked = false
        var end: SubjectProcess.End?
        var tail: [String] = []
    }

    private let state = Mutex(State())
    let commands: AsyncStream<String>
    private let commandSink: AsyncStream<String>.Continuation

    private let log: Mutex<FileHandle?>

    init(log: String?) {
        (commands, commandSink) = AsyncStream.makeStream()
        self.log = Mutex(
            log.flatMap { path in
                if !FileManager.default.fileExists(atPath: path) {
                    _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
                }
                let file = FileHandle(forWritingAtPath: path)
                _ = try? file?.seekToEnd()
                return file
            })
    }

    var pid: Int? { state.withLock { $0.pid } }
    var tail: [String] { state.withLock { $0.tail } }
    var end: SubjectProcess.End? { state.withLock { $0.end } }

    func started(pid: Int) { state.withLock { $0.pid = pid } }

    func printed(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        log.withLock { try? $0?.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8)) }
        let lines = lines.filter { !$0.isEmpty }
        for line in lines where line.utf8.first == UInt8(ascii: "{") { noteObject(line) }
        state.withLock { state in
            state.tail.append(contentsOf: lines.suffix(Self.longestTail).map { $0.utf8.count > 500 ? String($0.prefix(500)) : $0 })
            state.tail.removeFirst(max(0, state.tail.count - Self.longestTail))
        }
    }

    private static let longestTail = 12

    /// It may be the ready line, or an answer.
    private func noteObject(_ line: String) {
        guard let object = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] else { return }
        state.withLock { state in
            if state.ready == nil, let members = object["ready"] as? [String: Any] {
                Self.settle(&state, .success(members.compactMapValues { $0 as? String }))
            } else if let waiter = state.answerWaiter {
                state.answerWaiter = nil
                waiter.resume(returning: .success(line))
            }
        }
    }

    func outputEnded() {
        state.withLock { state in
            Self.settle(&state, .failure(BedError("it closed its output before its ready line")))
            Self.answer(&state, .failure(BedError("it ended")))
            Self.stop(&state)
        }
    }

    /// Tries to connect until somebody answers, which counts as the ready line of those who print none.
    func knock(at url: String) async throws {
        guard let port = URL(string: url)?.port.flatMap(UInt16.init(exactly:)) else {
            return state.withLock { Self.settle(&$0, .failure(BedError("its URL \(url) names no port"))) }
        }
        while !(try Loopback.answers(at: port)) { try await Task.sleep(for: .milliseconds(10)) }
        state.withLock { Self.settle(&$0, .success(["mcp": url, "url": url])) }
    }

    func readyLimitReached(_ what: String, _ limit: Duration) {
        state.withLock { Self.settle(&$0, .failure(BedError("\(what) within \(limit)"))) }
    }

    func answerLimitReached(_ limit: Duration) {
        state.withLock { Self.answer(&$0, .failure(BedError("no answer within \(limit)"))) }
    }

    func firstLine() async -> Result<[String: String], BedError> {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if let ready = state.ready { continuation.resume(returning: ready) } else { state.readyWaiter = continuation }
            }
        }
    }

    func ask(_ line: String) async -> Result<String, BedError> {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.end != nil || state.stopping {
                    continuation.resume(returning: .failure(BedError("it has ended")))
                } else {
                    state.answerWaiter = continuation
                }
            }
            commandSink.yield(line)
        }
    }

    func askToStop() {
        state.withLock { state in
            state.asked = true
            Self.stop(&state)
        }
    }

    func stopAsked() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.stopping { continuation.resume() } else { state.stopWaiter = continuation }
            }
        }
    }

    func ended(status: String) -> SubjectProcess.End {
        commandSink.finish()
        return state.withLock { state in
            let end = SubjectProcess.End(status: status, expected: state.asked, lastLines: state.tail)
            state.end = end
            Self.settle(&state, .failure(BedError("it ended: \(status)")))
            Self.answer(&state, .failure(BedError("it ended: \(status)")))
            Self.stop(&state)
            return end
        }
    }

    private static func settle(_ state: inout State, _ result: Result<[String: String], BedError>) {
        guard state.ready == nil else { return }
        state.ready = result
        state.readyWaiter?.resume(returning: result)
        state.readyWaiter = nil
    }

    private static func answer(_ state: inout State, _ result: Result<String, BedError>) {
        state.answerWaiter?.resume(returning: result)
        state.answerWaiter = nil
    }

    private static func stop(_ state: inout State) {
        state.stopping = true
        state.stopWaiter?.resume()
        state.stopWaiter = nil
    }
}
