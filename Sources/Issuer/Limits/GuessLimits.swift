import Auth
import Crypto
import Foundation
import Synchronization

/// Slows down whoever guesses passwords and secrets (RFC 6749 section 2.3.1), and nobody else: what is counted is tries from one
/// source, for one name and for all names together. The owner of a name that is being guessed is served meanwhile, from
/// wherever else he is; and from the same source after the pause. Who has proved himself from a source before is not held up by
/// what others do there.
///
/// Counted in this process alone. The memory is bounded: what is oldest is forgotten first.
package final class GuessLimits: GuessLimiter {
    package struct Policy: Sendable, Hashable {
        /// Failures for one name from one source before the first pause: people mistype, and programs retry.
        package var freeForName = 10
        /// The same for all names: many people may share an address.
        package var freeForSource = 100
        /// The first pause; each further failure doubles it.
        package var firstPause = Duration.seconds(1)
        package var longestPause = Duration.seconds(30)
        /// How long after the last failure everything is forgotten.
        package var memory = Duration.seconds(600)
        /// How many names and sources are remembered.
        package var capacity = 20_000

        package init() {}
    }

    private struct Entry {
        var failures = 0
        var hasSucceeded = false
        var last: Duration
    }

    private let policy: Policy
    private let network: @Sendable (String) -> String
    private let clock: @Sendable () -> Duration
    private let entries = Mutex<[SHA256.Digest: Entry]>([:])

    /// - Parameters:
    ///   - network: Which addresses count as one source.
    ///   - clock: Time since some beginning; it never goes back.
    package init(
        policy: Policy = Policy(), network: @escaping @Sendable (String) -> String = { SourceAddress.network(of: $0) },
        clock: @escaping @Sendable () -> Duration = GuessLimits.uptime
    ) {
        self.policy = policy
        self.network = network
        self.clock = clock
    }

    /// The monotonic clock, in the time since its beginning.
    package static let uptime: @Sendable () -> Duration = {
        let began = ContinuousClock.now
        return { ContinuousClock.now - began }
    }()

    /// How many names and sources are remembered now.
    package var count: Int { entries.withLock { $0.count } }

    package func pause(_ name: String, from source: String) -> Duration? {
        let now = clock()
        return entries.withLock { pause($0, name, source, now) }
    }

    package func failed(_ name: String, from source: String) {
        let now = clock()
        entries.withLock { note(&$0, name, source, now) }
    }

    package func begin(_ name: String, from source: String) -> Duration? {
        let now = clock()
        return entries.withLock { entries in
            if let pause = pause(entries, name, source, now) { return pause }
            note(&entries, name, source, now)
            return nil
        }
    }

    package func succeeded(_ name: String, from source: String) {
        let now = clock()
        entries.withLock { entries in
            entries[key(name, source)] = Entry(hasSucceeded: true, last: now)
            trim(&entries)
        }
    }

    package func endedWell(_ name: String, from source: String) {
        succeeded(name, from: source)
        entries.withLock { entries in
            let all = key(nil, source)
            if let failures = entries[all]?.failures { entries[all]?.failures = max(failures - 1, 0) }
        }
    }

    private func pause(_ entries: [SHA256.Digest: Entry], _ name: String, _ source: String, _ now: Duration) -> Duration? {
        let own = entries[key(name, source)]
        if let end = own.flatMap({ end(of: $0, free: policy.freeForName, now) }) { return end - now }
        guard own?.hasSucceeded != true, let all = entries[key(nil, source)] else { return nil }
        return end(of: all, free: policy.freeForSource, now).map { $0 - now }
    }

    private func end(of entry: Entry, free: Int, _ now: Duration) -> Duration? {
        guard entry.failures >= free else { return nil }
        // Beyond 2^16 every pause is the longest.
        let pause = min(policy.firstPause * (1 << min(entry.failures - free, 16)), policy.longestPause)
        return entry.last + pause > now ? entry.last + pause : nil
    }

    private func note(_ entries: inout [SHA256.Digest: Entry], _ name: String, _ source: String, _ now: Duration) {
        for key in [key(name, source), key(nil, source)] {
            var entry = entries[key] ?? Entry(last: now)
            if now - entry.last > policy.memory { entry.failures = 0 }
            entry.failures += 1
            entry.last = now
            entries[key] = entry
        }
        trim(&entries)
    }

    private func trim(_ entries: inout [SHA256.Digest: Entry]) {
        guard entries.count > policy.capacity else { return }
        // Half of it at once, so that a flood does not sort at every try.
        let kept = entries.sorted { $0.value.last > $1.value.last }.prefix(policy.capacity / 2)
        entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    /// Names may be long, and passwords typed into the wrong field: their hash is enough.
    private func key(_ name: String?, _ source: String) -> SHA256.Digest {
        SHA256.hash(data: Data("\(network(source))\n\(name.map { "=" + $0 } ?? "")".utf8))
    }
}

extension Duration {
    /// In whole seconds, rounded up: then the time has certainly come.
    var wholeSeconds: Int { Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0) }
}
