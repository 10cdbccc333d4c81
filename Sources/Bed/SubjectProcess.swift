import Foundation
import Probing
import Subprocess
import SystemPackage

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
    private let life: ProcessLife
    private let running: Task<Void, Never>

    private init(role: String, pid: Int, readyAfter: Int64, ready: [String: String], life: ProcessLife, running: Task<Void, Never>) {
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
        let life = ProcessLife(log: spec.log)
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
