import ChildProcesses
import Dispatch
import Foundation

/// The real program `token-issuer`, in a process of its own that can be killed at any moment.
final class ProgramProcess: Sendable {
    /// What it printed on standard output so far, and what it prints until it ends.
    let lines: AsyncStream<String>
    private let process: ChildProcess

    private static let program = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/release/token-issuer")

    init(_ arguments: [String]) throws {
        process = try ChildProcess(Self.program.path, arguments, error: .discarded)
        try process.input.close()
        lines = Self.lines(of: process.output)
    }

    /// Kills it, if it has not ended by itself, and waits until it is gone.
    func kill() async {
        let process = process
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.kill()
                continuation.resume()
            }
        }
    }

    private static func lines(of handle: FileHandle?) -> AsyncStream<String> {
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        DispatchQueue.global().async {
            var rest = Data()
            while let more = handle?.availableData, !more.isEmpty {
                rest += more
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            try? handle?.close()
            line.finish()
        }
        return lines
    }
}
