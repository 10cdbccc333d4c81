import Auth
import Serving

/// The issuer's audit trail.
enum IssuerAudit {
    /// - Parameter path: The file that is appended to; nil: no trail is kept.
    /// - Throws: `UnusableFile`.
    static func open(_ path: String?) throws -> any AuditSink {
        guard let path else { return NoAudit() }
        do {
            return try AuditLog(path: path)
        } catch {
            throw UnusableFile(path: path, reason: "\(error)")
        }
    }

    private struct NoAudit: AuditSink {
        func append(_ record: AuditRecord) async throws {}
    }
}

/// A file of the configuration that cannot be used.
package struct UnusableFile: Error, Hashable, CustomStringConvertible {
    package var path: String
    package var reason: String

    package var description: String { "cannot use \(path): \(reason)" }
}
