import struct Foundation.Data
import class Foundation.FileHandle
import class Foundation.Thread

#if canImport(Glibc)
    import Glibc
#endif

/// The program's own standard streams.
package enum StandardStreams {
    /// One line of standard input, byte by byte so that nothing behind it is taken from whoever reads on; nil at its end.
    package static func readLine(limit: Int = 1 << 20) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= limit, read(STDIN_FILENO, &byte, 1) == 1 {
            if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    /// The rest of standard input, line by line, read on a thread of its own: a read that waits must not hold up anything else.
    /// The stream can be ended from outside through its continuation.
    static func lines() -> (AsyncStream<String>, AsyncStream<String>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            var pending: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while true {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                guard count > 0 else { break }
                pending += buffer[..<count]
                while let end = pending.firstIndex(of: 0x0A) {
                    continuation.yield(String(decoding: pending[..<end], as: UTF8.self))
                    pending.removeSubrange(...end)
                }
            }
            if !pending.isEmpty { continuation.yield(String(decoding: pending, as: UTF8.self)) }
            continuation.finish()
        }
        return (stream, continuation)
    }

    /// Writes one line at once.
    package static func write(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Writes one line to standard error.
    package static func complain(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }
}
