import Crypto
package import Foundation
import Synchronization

/// Remembers what was used once, until it would not be good any more: proofs (RFC 9449 section 11.1) and assertions (RFC 7523
/// section 3). Each process has one of its own.
///
/// It is bounded. A full memory refuses what is new rather than forget what was used: an attacker who fills it gains no replay,
/// and must hold credentials that are good to do so, as long as it is asked last.
package final class ProofMemory: Sendable {
    private let seen = Mutex<[SHA256.Digest: Date]>([:])
    private let capacity: Int

    package init(capacity: Int = 200_000) {
        self.capacity = capacity
    }

    /// - Parameter until: When it is refused anyway.
    /// - Returns: False when it was used before, or when nothing more can be remembered.
    package func remember(_ id: String, until: Date, at now: Date) -> Bool {
        let digest = SHA256.hash(data: Data(id.utf8))
        return seen.withLock { seen in
            if let end = seen[digest], end >= now { return false }
            if seen.count >= capacity { seen = seen.filter { $0.value >= now } }
            guard seen.count < capacity else { return false }
            seen[digest] = until
            return true
        }
    }
}
