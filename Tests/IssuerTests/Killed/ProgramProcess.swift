import Dispatch
import Foundation

/// The real program `token-issuer`, in a process of its own that can be killed at any moment.
final class ProgramProcess: Sendable {
    /// What it printed on standard output so far, and what it prints until it ends.
    let lines: AsyncStream<String>
    private let pid: pid_t
    private let end: AsyncStream<Void>

    private static let program = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/release/token-issuer")

    init(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let (end, ended) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ended.finish() }
        try process.run()
        pid = process.processIdentifier
        self.end = end
        lines = Self.lines(of: output.fileHandleForReading)
    }

    /// Kills it, if it has not ended by itself, and waits until it is gone.
    func kill() async {
        Foundation.kill(pid, SIGKILL)
        for await _ in end {}
    }

    private static func lines(of handle: FileHandle) -> AsyncStream<String> {
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        DispatchQueue.global().async {
            var rest = Data()
            while case let more = handle.availableData, !more.isEmpty {
                rest += more
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            try? handle.close()
            line.finish()
        }
        return lines
    }
}
