import Foundation
import Synchronization

/// What was found out about certificates, by thumbprint: good for one generation of what it was found out from, and for a time.
final class VerdictMemory<Verdict: Sendable>: Sendable {
    private struct Entry {
        var verdict: Verdict
        var generation: UInt64
        var during: ClosedRange<Date>
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let capacity: Int

    /// - Parameter capacity: How many certificates are remembered; beyond that, all are forgotten and found out anew.
    init(capacity: Int = 20_000) {
        self.capacity = capacity
    }

    func recall(_ thumbprint: String, generation: UInt64, at now: Date) -> Verdict? {
        entries.withLock { entries in
            guard let entry = entries[thumbprint], entry.generation == generation, entry.during.contains(now) else { return nil }
            return entry.verdict
        }
    }

    func remember(_ verdict: Verdict, for thumbprint: String, generation: UInt64, during interval: ClosedRange<Date>) {
        entries.withLock { entries in
            if entries.count >= capacity { entries.removeAll() }
            entries[thumbprint] = Entry(verdict: verdict, generation: generation, during: interval)
        }
    }
}
