package import Auth

import struct Foundation.Data
import class Foundation.FileHandle
import class Foundation.FileManager
import class Foundation.ProcessInfo

/// Where a secret comes from. Never an argument list, which every process on the machine can read.
package enum SecretSource: Sendable, Hashable {
    /// A file with nothing but the secret in it; a line end after it is not part of it. Read at each use, so that a
    /// replaced file counts at once.
    case file(String)
    /// An environment variable, by name.
    case environment(String)
    /// Text that was read before, such as from standard input.
    case given(String)

    /// The secret; an error names its place and nothing of its content.
    package func read() throws(ClientError) -> Secret<String> {
        switch self {
        case .given(let text):
            return try Self.checked(text, place: "standard input")
        case .environment(let name):
            guard let text = ProcessInfo.processInfo.environment[name] else { throw .local("the environment has no \(name)") }
            return try Self.checked(text, place: name)
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else { throw .local("\(path): cannot be read") }
            guard let text = String(validating: data, as: UTF8.self) else { throw .local("\(path): is not UTF-8") }
            return try Self.checked(text, place: path)
        }
    }

    private static func checked(_ text: String, place: String) throws(ClientError) -> Secret<String> {
        var text = Substring(text)
        while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
        guard !text.isEmpty else { throw .local("\(place): is empty") }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw .local("\(place): holds more than one line, or characters that a secret cannot have")
        }
        return Secret(String(text))
    }
}
