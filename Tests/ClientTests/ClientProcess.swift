import ChildProcesses
import Foundation
import MCP
import Testing

/// `mcp-client session` as a process of its own.
final class ClientProcess {
    private let process: ChildProcess
    private var pending = Data()

    /// - Parameter configuration: The document, as the first line of standard input.
    init(configuration: JSONValue) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        process = try ChildProcess(root.appendingPathComponent(".build/release/mcp-client").path, ["session", "--config", "-"])
        try say(configuration.text)
    }

    func say(_ line: String) throws { try process.input.write(contentsOf: Data((line + "\n").utf8)) }

    /// Reads on a thread of its own: nothing else is held up.
    func line() async throws -> JSONValue {
        let output = process.output
        let before = pending
        let (line, rest) = await withCheckedContinuation { (continuation: CheckedContinuation<(Data, Data), Never>) in
            Thread.detachNewThread {
                var read = before
                while !read.contains(0x0A) {
                    guard let piece = output?.availableData, !piece.isEmpty else { break }
                    read += piece
                }
                let end = read.firstIndex(of: 0x0A) ?? read.endIndex
                continuation.resume(returning: (Data(read[..<end]), Data(read[end...].dropFirst())))
            }
        }
        pending = rest
        return try JSONValue(parsing: Array(line))
    }

    /// Ends it as a power cut would.
    func kill() { process.kill() }

    /// Ends it with its standard input.
    func end() throws {
        try process.input.close()
        process.wait()
    }
}
