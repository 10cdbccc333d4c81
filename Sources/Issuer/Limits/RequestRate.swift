import Synchronization

/// How often one source may ask for something that costs more than its answer: so many at once, then so many a second.
///
/// Counted in this process alone, and for a bounded number of sources: of too many, those that rested longest are forgotten,
/// which only gives them what they would have soon.
package final class RequestRate: Sendable {
    private struct Bucket {
        var left: Double
        var filled: Duration
    }

    private let burst: Double
    private let perSecond: Double
    private let capacity: Int
    private let clock: @Sendable () -> Duration
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter clock: Time since some beginning; it never goes back.
    package init(
        burst: Int, perSecond: Double, capacity: Int = 10_000, clock: @escaping @Sendable () -> Duration = GuessLimits.uptime
    ) {
        self.burst = Double(burst)
        self.perSecond = perSecond
        self.capacity = capacity
        self.clock = clock
    }

    /// Takes one.
    ///
    /// - Parameter source: An address without port.
    /// - Returns: How long to wait; nil: it may go on.
    package func take(from source: String) -> Duration? {
        let now = clock()
        let key = SourceAddress.network(of: source)
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(left: burst, filled: now)
            bucket.left = min(burst, bucket.left + (now - bucket.filled) / .seconds(1) * perSecond)
            bucket.filled = now
            guard bucket.left >= 1 else {
                buckets[key] = bucket
                return .seconds((1 - bucket.left) / perSecond)
            }
            bucket.left -= 1
            buckets[key] = bucket
            if buckets.count > capacity {
                let kept = buckets.sorted { $0.value.filled > $1.value.filled }.prefix(capacity / 2)
                buckets = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
            }
            return nil
        }
    }
}
