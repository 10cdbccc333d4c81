package import Auth
import Foundation
import SystemPackage

/// Where audit records go. A record that could not be written must not be followed by the answer it is about.
package protocol AuditSink: Sendable {
    /// Returns when the record is written.
    /// - Throws: `AuditFailure`; the caller answers 503 and does nothing else.
    func append(_ record: AuditRecord) async throws
}

/// A record that could not be written.
package struct AuditFailure: Error, Hashable, CustomStringConvertible {
    package var description: String
}

/// An audit trail as JSON Lines, opened for appending, one write for each record, readable by its owner alone.
///
/// Lines are ASCII: line ends, control characters and text-direction marks in what a caller sent come out escaped,
/// so nobody can forge a record. Times are seconds since 1970.
package actor AuditLog: AuditSink {
    private let path: FilePath
    private var file: FileDescriptor
    /// Whether the last write stopped in the middle of a line.
    private var torn = false
    private let encoder: JSONEncoder

    /// - Throws: The system's error, when the file cannot be opened.
    package init(path: String) throws {
        self.path = FilePath(path)
        file = try Self.open(self.path)
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
    }

    deinit {
        try? file.close()
    }

    package func append(_ record: AuditRecord) throws {
        let line: [UInt8]
        do {
            line = (torn ? [0x0A] : []) + Self.ascii(try encoder.encode(record)) + [0x0A]
        } catch {
            throw AuditFailure(description: "an audit record cannot be encoded")
        }
        do {
            let written = try line.withUnsafeBytes { try file.write($0) }
            guard written == line.count else {
                torn = true
                throw AuditFailure(description: "an audit record was written only in part")
            }
            torn = false
        } catch let error as Errno {
            throw AuditFailure(description: "an audit record cannot be written: \(error)")
        }
    }

    /// Opens the file anew, for a log that was moved away. On an error the old one stays open.
    package func reopen() throws {
        let new = try Self.open(path)
        try? file.close()
        (file, torn) = (new, false)
    }

    private static func open(_ path: FilePath) throws -> FileDescriptor {
        try FileDescriptor.open(
            path, .writeOnly, options: [.append, .create, .closeOnExec], permissions: [.ownerRead, .ownerWrite])
    }

    /// Escapes what JSON lets through (RFC 8259 section 7) and a terminal or a log reader might act on.
    private static func ascii(_ json: Data) -> [UInt8] {
        guard json.contains(where: { $0 >= 0x7F }) else { return Array(json) }
        var result: [UInt8] = []
        for unit in String(decoding: json, as: UTF8.self).utf16 {
            if unit < 0x7F {
                result.append(UInt8(unit))
            } else {
                let digits = String(unit, radix: 16)
                result += Array("\\u".utf8) + Array(repeating: 0x30, count: 4 - digits.utf8.count) + Array(digits.utf8)
            }
        }
        return result
    }
}
