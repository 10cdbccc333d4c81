package import struct Foundation.Data

/// The keys of the trusted issuers, fetched when they are needed and kept for a while.
///
/// What it promises, all counted on a clock that no change of the wall clock moves: a key that the issuer removed is refused
/// `maxAge` later; a key that it added is found with the first token that names it, with at most one fetch per `coolDown`
/// however many unknown names are tried; while the issuer is down, keys count until `staleness` after the last good fetch.
/// However many callers wait, there is one fetch at a time per issuer.
package actor JWKSCache: KeySource {
    /// Gives the body of an issuer's JWKS, or nil when it cannot be had. Must end by itself: nobody else bounds its time.
    package typealias Fetch = @Sendable (_ issuer: String) async -> Data?

    private struct Entry {
        var keys: PublishedKeys?
        var fetchedAt: ContinuousClock.Instant?
        /// The last fetch that failed, or that a name unknown to fresh keys caused: those are what the cool-down is for. The
        /// first fetch does not count, or a key that was added right after it would have to wait.
        var coolingSince: ContinuousClock.Instant?
        var isReachable = true
        var running: Task<Void, Never>?
    }

    private let maxAge: Duration
    private let staleness: Duration
    private let coolDown: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let fetch: Fetch
    private var entries: [String: Entry] = [:]
    /// Counts the calls of ``forget()``: an answer to a question from before one must not be stored after it.
    private var generation = 0

    /// - Parameters:
    ///   - maxAge: After which keys are fetched anew.
    ///   - staleness: After which keys do not count any more if they cannot be fetched anew; nil for twice `maxAge`.
    ///   - coolDown: Least time between two fetches that an unknown `kid` or an issuer that is down may cause. One that was never
    ///     reached is asked for each token, by one fetch at a time: nobody can be let in before.
    ///   - now: The clock; tests bring their own.
    package init(
        maxAge: Duration, staleness: Duration? = nil, coolDown: Duration = .seconds(1),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, fetch: @escaping Fetch
    ) {
        self.maxAge = maxAge
        self.staleness = max(staleness ?? maxAge * 2, maxAge)
        self.coolDown = coolDown
        self.now = now
        self.fetch = fetch
    }

    package func keys(issuer: String, kid: String) async -> KeyAnswer {
        if let key = fresh(issuer)?[kid] { return .key(key) }
        while mayFetch(issuer) {
            let asked = generation
            await refresh(issuer)
            if asked == generation { break }
        }
        guard let keys = usable(issuer) else { return .unreachable }
        if let key = keys[kid] { return .key(key) }
        // With the issuer down nobody can say that it has no such key by now.
        return entries[issuer]?.isReachable == true ? .none : .unreachable
    }

    /// Forgets everything, as on an operator's request to reload.
    package func forget() {
        entries = [:]
        generation += 1
    }

    private func fresh(_ issuer: String) -> PublishedKeys? {
        guard let entry = entries[issuer], let fetchedAt = entry.fetchedAt, now() - fetchedAt < maxAge else { return nil }
        return entry.keys
    }

    private func usable(_ issuer: String) -> PublishedKeys? {
        guard let entry = entries[issuer], let fetchedAt = entry.fetchedAt, now() - fetchedAt < staleness else { return nil }
        return entry.keys
    }

    private func mayFetch(_ issuer: String) -> Bool {
        guard let entry = entries[issuer], entry.keys != nil, let coolingSince = entry.coolingSince else { return true }
        // Keys past their age are fetched at once, unless that was tried a moment ago and failed.
        if fresh(issuer) == nil, entry.isReachable { return true }
        return entry.running != nil || now() - coolingSince >= coolDown
    }

    /// Returns when the outcome is stored, whoever of the waiting callers began it.
    private func refresh(_ issuer: String) async {
        if let running = entries[issuer]?.running {
            await running.value
            return
        }
        let (startedAt, asked, isExtra) = (now(), generation, fresh(issuer) != nil)
        let task = Task {
            var keys: PublishedKeys?
            if let body = await fetch(issuer) { keys = await PublishedKeys(jwks: body) }
            if asked == generation { finish(issuer, keys, startedAt: startedAt, isExtra: isExtra) }
        }
        entries[issuer, default: Entry()].running = task
        await task.value
    }

    private func finish(_ issuer: String, _ keys: PublishedKeys?, startedAt: ContinuousClock.Instant, isExtra: Bool) {
        var entry = entries[issuer] ?? Entry()
        entry.running = nil
        if isExtra || keys == nil { entry.coolingSince = startedAt }
        entry.isReachable = keys != nil
        if let keys {
            entry.keys = keys
            // From the start: the answer is at least as old as the question.
            entry.fetchedAt = startedAt
        }
        entries[issuer] = entry
    }
}
