import Foundation
import SystemPackage

/// The one line that a program prints on standard output when it accepts connections: `{"ready":{"url":"…"}}`.
package enum ReadyLine {
    /// Written straight to the descriptor: `print` would keep it in a buffer while the harness waits.
    package static func write(_ members: [String: String]) throws {
        try FileDescriptor.standardOutput.writeAll(try text(members).utf8)
    }

    /// The line, its end included; members in order of their names.
    package static func text(_ members: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(["ready": members]), as: UTF8.self) + "\n"
    }
}
