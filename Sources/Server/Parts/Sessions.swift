package import MCP
import Synchronization

/// The sessions of the stateful era (2025-11-25, Session Management): a place to keep a protocol version, and never a
/// credential. A session belongs to whoever opened it, and to nobody else.
package final class Sessions: Sendable {
    private struct Session {
        var owner: String
        var version: ProtocolVersion
        var usedAt: ContinuousClock.Instant
    }

    private let sessions = Mutex<[String: Session]>([:])
    private let capacity: Int
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - capacity: How many are kept; the one not used for longest makes room.
    ///   - lifetime: After how long without use one ends.
    package init(
        capacity: Int = 10_000, lifetime: Duration = .seconds(3600),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.capacity = capacity
        self.lifetime = lifetime
        self.now = now
    }

    /// - Returns: The identifier: 256 random bits in visible ASCII.
    package func open(owner: String, version: ProtocolVersion) -> String {
        let digits = Array("0123456789abcdef")
        let id = String((0..<64).map { _ in digits[Int.random(in: 0..<16)] })
        let now = now()
        sessions.withLock { sessions in
            if sessions.count >= capacity { sessions = sessions.filter { now - $0.value.usedAt < lifetime } }
            if sessions.count >= capacity, let oldest = sessions.min(by: { $0.value.usedAt < $1.value.usedAt }) {
                sessions[oldest.key] = nil
            }
            sessions[id] = Session(owner: owner, version: version, usedAt: now)
        }
        return id
    }

    /// The session's version; nil when there is no such session of this owner. Another's is as good as none.
    package func use(_ id: String, owner: String) -> ProtocolVersion? {
        let now = now()
        return sessions.withLock { sessions in
            guard let session = sessions[id], session.owner == owner else { return nil }
            guard now - session.usedAt < lifetime else {
                sessions[id] = nil
                return nil
            }
            sessions[id]?.usedAt = now
            return session.version
        }
    }

    /// - Returns: Whether there was such a session of this owner.
    package func close(_ id: String, owner: String) -> Bool {
        sessions.withLock { sessions in
            guard sessions[id]?.owner == owner else { return false }
            sessions[id] = nil
            return true
        }
    }
}
