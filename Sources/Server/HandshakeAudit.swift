import Auth
import Foundation
import Logging
import Serving
import Synchronization

/// Writes failed TLS handshakes to the audit trail: the caller was refused before HTTP began.
final class HandshakeAudit: Sendable {
    private let parts = Mutex<ServerParts?>(nil)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    func begin(_ parts: ServerParts) {
        self.parts.withLock { $0 = parts }
    }

    /// Called on an event loop; the record is written beside it.
    var note: @Sendable (HandshakeFailure) -> Void {
        { failure in
            guard let parts = self.parts.withLock({ $0 }) else { return }
            let record = Self.record(of: failure, at: parts.clock())
            Task { await parts.auditHandshake(record) }
        }
    }

    static func record(of failure: HandshakeFailure, at now: Date) -> AuditRecord {
        var record = AuditRecord(time: now, event: .handshake, decision: .refused)
        record.peer = failure.peer
        record.layer = .certificate
        record.detail = String(failure.description.prefix(256))
        record.reason = failure.reason
        return record
    }
}
