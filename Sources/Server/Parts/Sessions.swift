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

    /// What is kept, and how many of it each owner has.
    private struct Kept {
        private(set) var sessions: [String: Session] = [:]
        private(set) var counts: [String: Int] = [:]

        subscript(id: String) -> Session? {
            get { sessions[id] }
            set {
                if let owner = sessions.removeValue(forKey: id)?.owner {
                    let left = (counts[owner] ?? 1) - 1
                    counts[owner] = left > 0 ? left : nil
                }
                guard let newValue else { return }
                sessions[id] = newValue
                counts[newValue.owner, default: 0] += 1
            }
        }

        /// Ends the one that was not used for longest, of an owner or of all.
        mutating func endOldest(of owner: String? = nil) {
            let candidates = sessions.lazy.filter { owner == nil || $0.value.owner == owner }
            if let oldest = candidates.min(by: { $0.value.usedAt < $1.value.usedAt }) { self[oldest.key] = nil }
        }
    }

    private let kept = Mutex(Kept())
    private let capacity: Int
    private let share: Int
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - capacity: How many are kept; the one not used for longest makes room.
    ///   - share: How many of them one owner may have. Beyond that it is his own that makes room: who opens many ends nobody else's.
    ///   - lifetime: After how long without use one ends.
    package init(
        capacity: Int = 10_000, share: Int = 1000, lifetime: Duration = .seconds(3600),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.capacity = capacity
        self.share = share
        self.lifetime = lifetime
        self.now = now
    }

    /// - Returns: The identifier: 256 random bits in visible ASCII.
    package func open(owner: String, version: ProtocolVersion) -> String {
        let digits = Array("0123456789abcdef")
        let id = String((0..<64).map { _ in digits[Int.random(in: 0..<16)] })
        let now = now()
        kept.withLock { kept in
            if kept.counts[owner] ?? 0 >= share { kept.endOldest(of: owner) }
            if kept.sessions.count >= capacity { kept.endOldest() }
            kept[id] = Session(owner: owner, version: version, usedAt: now)
        }
        return id
    }

    /// The session's version; nil when there is no such session of this owner. Another's is as good as none.
    package func use(_ id: String, owner: String) -> ProtocolVersion? {
        let now = now()
        return kept.withLock { kept in
            guard var session = kept[id], session.owner == owner else { return nil }
            guard now - session.usedAt < lifetime else {
                kept[id] = nil
                return nil
            }
            session.usedAt = now
            kept[id] = session
            return session.version
        }
    }

    /// - Returns: Whether there was such a session of this owner.
    package func close(_ id: String, owner: String) -> Bool {
        kept.withLock { kept in
            guard kept[id]?.owner == owner else { return false }
            kept[id] = nil
            return true
        }
    }
}
