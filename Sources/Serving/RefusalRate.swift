import Synchronization

/// Tells who is refused too often: so many refusals a minute from one address, and as many at once, are a program that
/// was set up wrongly; more are somebody trying.
///
/// Only refusals are counted, and only refusals are answered otherwise for it: whoever shares the address and has a good
/// credential is served, so nobody can be locked out by another. Counted in this process alone.
package final class RefusalRate: Sendable {
    private struct Allowance {
        var left: Double
        var at: ContinuousClock.Instant
    }

    private let perMinute: Double
    private let capacity: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let allowances = Mutex<[String: Allowance]>([:])

    /// - Parameter capacity: How many addresses are remembered; those that have the most left are forgotten first.
    package init(
        perMinute: Int, capacity: Int = 10_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.perMinute = Double(perMinute)
        self.capacity = capacity
        self.now = now
    }

    /// Notes a refusal.
    ///
    /// - Parameter peer: Address and port, such as `127.0.0.1:54321`; the port is nobody's name.
    /// - Returns: After how many whole seconds another one would be within the rate; nil: this one is.
    package func note(_ peer: String) -> Int? {
        let address = String(peer[..<(peer.lastIndex(of: ":") ?? peer.endIndex)])
        let now = now()
        return allowances.withLock { allowances in
            var allowance = allowances[address] ?? Allowance(left: perMinute, at: now)
            allowance.left = min(perMinute, allowance.left + (now - allowance.at) / .seconds(60) * perMinute)
            allowance.at = now
            // The arithmetic of fractions leaves dust.
            let isWithin = allowance.left >= 1 - 1e-9
            if isWithin { allowance.left -= 1 }
            allowances[address] = allowance
            if allowances.count > capacity { trim(&allowances) }
            return isWithin ? nil : max(1, Int(((1 - allowance.left) / perMinute * 60 - 1e-6).rounded(.up)))
        }
    }

    private func trim(_ allowances: inout [String: Allowance]) {
        let kept = allowances.sorted { $0.value.left < $1.value.left }.prefix(capacity / 2)
        allowances = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
