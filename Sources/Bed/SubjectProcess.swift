import Foundation
import Probing
import Subprocess
import Synchronization
import SystemPackage

/// What a process is started with.
package struct ProcessSpec: Sendable {
    package var role: String
    /// The program's path, and its arguments.
    package var command: [String]
    package var environment: [String: String]
    /// How long it may take to become ready.
    package var readyLimit: Duration
    /// The file that everything it prints is appended to; nil for none.
    package var log: String?
    /// The URL at which it is ready when somebody answers there; nil where it prints a ready line.
    package var listensAt: String?

    package init(
        role: String, command: [String], environment: [String: String], readyLimit: Duration = .seconds(10), log: String? = nil
    ) {
        self.log = log
        self.role = role
        self.command = command
        self.environment = environment
        self.readyLimit = readyLimit
    }

    /// Variables that would make a subject trust, log or go through something that is not the bed's.
    static let cleared = [
        "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "http_proxy",
        "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "LD_PRELOAD",
    ]

    func configuration() -> Configuration {
        StartedProcesses.note()
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = Self.teardown
        var updates: [Environment.Key: String?] = [:]
        for name in Self.cleared { updates[Environment.Key(stringLiteral: name)] = .some(nil) }
        for (name, value) in environment { updates[Environment.Key(stringLiteral: name)] = value }
        updates["TZ"] = "UTC"
        return Configuration(
            executable: .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(updates), platformOptions: options)
    }

    static let teardown: [TeardownStep] = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(4))]
}

/// A subject that is running: it printed its ready line, and lives until it is stopped.
package final class SubjectProcess: Sendable {
    package struct End: Sendable {
        package var status: String
        package var expected: Bool
        package var lastLines: [String]
    }

    package let role: String
    package let pid: Int
    /// Nanoseconds from start to ready line.
    package let readyAfter: Int64
    /// The members of the ready line's `ready` object that are strings.
    package let ready: [String: String]
    private let life: Life
    private let running: Task<Void, Never>

    private init(role: String, pid: Int, readyAfter: Int64, ready: [String: String], life: Life, running: Task<Void, Never>) {
        self.role = role
        self.pid = pid
        self.readyAfter = readyAfter
        self.ready = ready
        self.life = life
        self.running = running
    }

    /// Starts the process and waits for its ready line.
    ///
    /// - Throws: `BedError` with its last lines when it ends, hangs or prints rubbish instead.
    package static func start(_ spec: ProcessSpec, onEnd: @escaping @Sendable (Int, End) -> Void) async throws -> SubjectProcess {
        let life = Life(log: spec.log)
        let began = MonotonicClock.nanoseconds()
        let configuration = spec.configuration()
        let running = Task {
            var status = "never started"
            do {
                let outcome = try await run(configuration, input: .inputWriter, output: .sequence, error: .combinedWithOutput) {
                    execution in
                    life.started(pid: Int(execution.processIdentifier.value))
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask {
                            do {
                                // Not line by line as the library has it, which looks at each octet by itself: watched subjects print much.
                                var splitter = LineSplitter()
                                for try await piece in execution.standardOutput { life.printed(piece.withUnsafeBytes { splitter.add($0) }) }
                                life.printed(splitter.end())
                            } catch { life.printed(["[output could not be read: \(error)]"]) }
                            life.outputEnded()
                        }
                        group.addTask {
                            for await line in life.commands {
                                guard (try? await execution.standardInputWriter.write(Array("\(line)\n".utf8))) != nil else { break }
                            }
                        }
                        await life.stopAsked()
                        try? await execution.standardInputWriter.finish()
                        await execution.teardown(using: ProcessSpec.teardown)
                        group.cancelAll()
                    }
                }
                status = "\(outcome.terminationStatus)"
            } catch {
                status = "\(error)"
            }
            let end = life.ended(status: status)
            if let pid = life.pid {
                SubjectClock.cleanUp(after: pid)
                onEnd(pid, end)
            }
        }
        let limit = Task {
            try await Task.sleep(for: spec.readyLimit)
            life.readyLimitReached(spec.listensAt.map { "nobody answers at \($0)" } ?? "no ready line", spec.readyLimit)
        }
        let knocking = spec.listensAt.map { url in Task { try await life.knock(at: url) } }
        defer {
            limit.cancel()
            knocking?.cancel()
        }
        let first: Result<[String: String], BedError> = await life.firstLine()
        switch first {
        case .success(let ready):
            return SubjectProcess(
                role: spec.role, pid: life.pid ?? 0, readyAfter: MonotonicClock.nanoseconds() - began, ready: ready, life: life,
                running: running)
        case .failure(let error):
            life.askToStop()
            await running.value
            throw BedError("the \(spec.role) did not become ready: \(error.message)", lastLines: life.tail)
        }
    }

    /// Nil while it runs.
    package var end: End? { life.end }

    /// What it printed last.
    package var lastLines: [String] { life.tail }

    /// Sends it a signal, and none to its children.
    package func signal(_ number: Int32) { _ = kill(pid_t(pid), number) }

    /// Asks the whole process group to end, then makes it; returns when it has ended.
    package func stop() async {
        life.askToStop()
        await running.value
    }

    /// Sends one line to its standard input and waits for the next JSON line it prints.
    ///
    /// - Throws: `BedError` when it ends or stays silent for longer than `limit`.
    package func ask(_ line: String, limit: Duration = .seconds(20)) async throws -> String {
        let timer = Task {
            try await Task.sleep(for: limit)
            life.answerLimitReached(limit)
        }
        defer { timer.cancel() }
        switch await life.ask(line) {
        case .success(let answer): return answer
        case .failure(let error): throw BedError("the \(role): \(error.message)", lastLines: life.tail)
        }
    }
}

/// What is known of a process while it lives; the meeting point of its pump, its limits and its owner.
private final class Life: Sendable {
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
