import Foundation
import Scenarios
import Subprocess

/// A client under test, whichever way it is told what to do.
protocol ClientDriver: Sendable {
    /// Has it call a tool, so many times at the same moment.
    ///
    /// - Parameter limit: How long until it counts as hung, and is ended.
    /// - Throws: `BedError` when it cannot be run at all.
    func call(_ tool: String, parallel: Int, limit: Duration) async throws -> ClientReport

    /// The session of its processes while it runs; nil for one that has ended.
    var session: Int? { get }

    func stop() async
}

/// What a client said of a call. What arrived is another matter.
struct ClientReport: Sendable {
    /// Whether all of its calls were answered, as it says.
    var succeeded: Bool
    /// It said nothing until its time was up.
    var hung = false
    /// What it said of a failure.
    var words: String?
}

/// A client that stays, and reads what to do.
struct SessionClient: ClientDriver {
    let process: SubjectProcess

    /// Each subject is started in a session of its own.
    var session: Int? { process.end == nil ? process.pid : nil }

    func call(_ tool: String, parallel: Int, limit: Duration) async throws -> ClientReport {
        struct Answer: Decodable {
            struct Item: Decodable {
                var ok: Bool
                var kind: String?
                var error: String?
            }
            var results: [Item]
        }
        let line: String
        do {
            line = try await process.ask(#"{"id":1,"call":"\#(tool)","arguments":{},"parallel":\#(parallel)}"#, limit: limit)
        } catch let error as BedError {
            // Silence is an answer here; a client that has ended is for the trace to tell.
            return ClientReport(succeeded: false, hung: process.end == nil, words: error.message)
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line.utf8)), !answer.results.isEmpty else {
            throw BedError("the client answered something else than results", lastLines: [String(line.prefix(300))])
        }
        let failed = answer.results.first { !$0.ok }
        return ClientReport(succeeded: failed == nil, words: failed.map { "\($0.kind ?? "failed"): \($0.error ?? "no reason")" })
    }

    func stop() async { await process.stop() }
}

/// A client that is run once for each call.
struct CommandClient: ClientDriver {
    /// The program's path, and its arguments.
    let command: [String]
    let environment: [String: String]
    /// The file that everything it prints is appended to.
    let log: String

    var session: Int? { nil }

    func call(_ tool: String, parallel: Int, limit: Duration) async throws -> ClientReport {
        try await withThrowingTaskGroup(of: ClientReport.self) { group in
            for _ in 0..<parallel { group.addTask { try await once(limit) } }
            var worst = ClientReport(succeeded: true)
            for try await report in group where !report.succeeded { worst = report }
            return worst
        }
    }

    private func once(_ limit: Duration) async throws -> ClientReport {
        let spec = ProcessSpec(role: "client", command: command, environment: environment)
        return try await withThrowingTaskGroup(of: ClientReport?.self) { group in
            group.addTask {
                do {
                    let result = try await Subprocess.run(
                        spec.configuration(), input: .none, output: .string(limit: 1 << 18), error: .string(limit: 1 << 16))
                    note(result.standardOutput + result.standardError)
                    // A signal is a failure like any other, and said.
                    // Some draw frames around what they say.
                    let said = result.standardError.split(separator: "\n").last { $0.contains(where: \.isLetter) }
                    let words = said.map { String($0.drop { !$0.isLetter }) } ?? "\(result.terminationStatus)"
                    return ClientReport(succeeded: result.terminationStatus.isSuccess, words: words)
                } catch is CancellationError {
                    return nil
                } catch {
                    throw BedError("\(command[0]) could not be run: \(error)")
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next().flatMap { $0 } ?? ClientReport(succeeded: false, hung: true, words: "no end within \(limit)")
        }
    }

    private func note(_ text: String) {
        guard let file = FileHandle(forWritingAtPath: log) else { return }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data(text.utf8))
        try? file.close()
    }

    func stop() async {}
}
