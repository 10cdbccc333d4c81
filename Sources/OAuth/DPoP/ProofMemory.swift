import Crypto
package import Foundation
import Synchronization

/// Remembers what was used once, until it would not be good any more: proofs (RFC 9449 section 11.1) and assertions (RFC 7523
/// section 3). Each process has one of its own.
///
/// It is bounded. Where it is full it refuses what is new rather than forget what was used, so that nobody who fills it gains a
/// replay. And each holder has a share, so that nobody who fills his own turns others away; holders who came by themselves, of whom
/// anybody can make as many as he likes, never have more than half of it together.
package final class ProofMemory: Sendable {
    /// What came of something that is good once.
    package enum Outcome: Sendable, Hashable {
        case fresh, used
        /// Its holder has used so much lately that no more can be remembered.
        case full
    }

    private struct State {
        /// By the hash of their holder's name, and of what was used; until when.
        var seen: [SHA256.Digest: [SHA256.Digest: Date]] = [:]
        /// The holders who came by themselves.
        var open: Set<SHA256.Digest> = []
        var count = 0
        var openCount = 0
        /// When what has ended was last forgotten.
        var swept: Date?
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let share: Int
    private let openShare: Int

    /// - Parameters:
    ///   - capacity: How much is remembered at the time.
    ///   - share: How much of one holder's.
    ///   - openShare: How much of one who came by himself.
    package init(capacity: Int = 400_000, share: Int = 50_000, openShare: Int = 5000) {
        self.capacity = capacity
        self.share = share
        self.openShare = openShare
    }

    /// - Parameter until: When it is refused anyway.
    package func remember(_ id: String, of holder: ProofHolder, until: Date, at now: Date) -> Outcome {
        let digest = SHA256.hash(data: Data(id.utf8))
        let name = SHA256.hash(data: Data(holder.name.utf8))
        return state.withLock { state in
            if let end = state.seen[name]?[digest], end >= now { return .used }
            if isFull(for: holder, name, state) { Self.sweep(&state, at: now) }
            guard !isFull(for: holder, name, state) else { return .full }
            if state.seen[name, default: [:]].updateValue(until, forKey: digest) == nil {
                state.count += 1
                if !holder.isKnown { state.openCount += 1 }
            }
            if !holder.isKnown { state.open.insert(name) }
            return .fresh
        }
    }

    private func isFull(for holder: ProofHolder, _ name: SHA256.Digest, _ state: State) -> Bool {
        let own = state.seen[name]?.count ?? 0
        if state.count >= capacity || own >= share { return true }
        return !holder.isKnown && (own >= openShare || state.openCount >= (capacity + 1) / 2)
    }

    /// Forgets what has ended; at most once a second, because whoever fills the memory has everybody wait for it.
    private static func sweep(_ state: inout State, at now: Date) {
        if let swept = state.swept, now >= swept, now < swept + 1 { return }
        state.swept = now
        state.seen = state.seen.compactMapValues { uses in
            let left = uses.filter { $0.value >= now }
            return left.isEmpty ? nil : left
        }
        state.open.formIntersection(state.seen.keys)
        state.count = state.seen.values.reduce(0) { $0 + $1.count }
        state.openCount = state.open.reduce(0) { $0 + (state.seen[$1]?.count ?? 0) }
    }
}

/// Whose proofs and assertions they are, which are good once.
package struct ProofHolder: Sendable, Hashable {
    /// The client or the principal.
    package var name: String
    /// Whether somebody vouches for it: an operator who registered it, or an issuer. Anybody may come by himself under many names.
    package var isKnown: Bool

    package init(_ name: String, isKnown: Bool = true) {
        self.name = name
        self.isKnown = isKnown
    }
}
