import Foundation
import MCP
import Testing

/// `mcp-client session` as a process of its own.
final class ClientProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var pending = Data()

    /// - Parameter configuration: The document, as the first line of standard input.
    init(configuration: JSONValue) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        process.executableURL = root.appendingPathComponent(".build/release/mcp-client")
        process.arguments = ["session", "--config", "-"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try say(configuration.text)
    }

    func say(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// Reads on a thread of its own: nothing else is held up.
    func line() async throws -> JSONValue {
        let output = output.fileHandleForReading
        let before = pending
        let (line, rest) = await withCheckedContinuation { (continuation: CheckedContinuation<(Data, Data), Never>) in
            Thread.detachNewThread {
                var read = before
                while !read.contains(0x0A) {
                    let piece = output.availableData
                    if piece.isEmpty { break }
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
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it with its standard input.
    func end() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
