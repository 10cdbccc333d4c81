import Dispatch
import Histogram

/// How many requests a server answers when each of some connections asks again as soon as it has its answer.
///
/// It measures the server's capacity; for what callers feel, see ``OpenLoopLoad``.
package struct ClosedLoop: Sendable {
    package enum Extent: Sendable, Hashable {
        case seconds(Double)
        case requests(Int)
    }

    package struct Result: Sendable, Hashable {
        /// Answers with the expected status.
        package var accepted = 0
        /// Everything else, by what it was: `HTTP 401`, `alert unknown_ca`, `closed`, or why there was no answer.
        package var others: [String: Int] = [:]
        package var seconds = 0.0
        /// Of the expected answers, in microseconds.
        package var median = 0
        package var percentile90 = 0
        package var percentile99 = 0
        package var longest = 0

        package var requestsPerSecond: Double { seconds > 0 ? Double(accepted) / seconds : 0 }
    }

    package var connections: Int
    package var extent: Extent
    /// Requests before anything counts: connections are opened, caches filled.
    package var warmUp: Int
    package var ca: String?
    package var identity: ClientIdentity?
    /// Connections that are kept, or one with a full handshake for each request.
    package var channel: Channel
    package var expectedStatus: Int

    package init(
        connections: Int, extent: Extent, warmUp: Int = 0, ca: String?, identity: ClientIdentity? = nil, channel: Channel = .kept,
        expectedStatus: Int = 200
    ) {
        self.connections = max(1, connections)
        self.extent = extent
        self.warmUp = warmUp
        self.ca = ca
        self.identity = identity
        self.channel = channel
        self.expectedStatus = expectedStatus
    }

    /// - Parameter make: The request by its ordinal from 0; those of the warm-up have negative ones.
    package func run(_ make: @escaping @Sendable (Int) -> ProbeRequest) async -> Result {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "closed-loop", qos: .userInitiated).async { continuation.resume(returning: measure(make)) }
        }
    }

    private func measure(_ make: (Int) -> ProbeRequest) -> Result {
        let callers: any LoadCallers =
            channel == .kept
            ? RequestLines(ca: ca, identity: identity, connections: connections)
            : FreshCallers(ca: ca, identity: identity, connections: connections, channel: channel)
        if warmUp > 0 { _ = play(callers, .requests(warmUp), from: -warmUp, make) }
        return play(callers, extent, from: 0, make)
    }

    private func play(_ callers: any LoadCallers, _ extent: Extent, from first: Int, _ make: (Int) -> ProbeRequest) -> Result {
        var result = Result()
        // Microseconds, to ten minutes.
        var latencies = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        let start = MonotonicClock.nanoseconds()
        var (ordinal, underWay) = (first, 0)
        let count = { (outcome: LoadOutcome) in
            underWay -= 1
            if outcome.status == expectedStatus {
                result.accepted += 1
                latencies.record(UInt64(max(0, outcome.nanoseconds) / 1000))
            } else {
                result.others[outcome.face, default: 0] += 1
            }
        }
        while true {
            while underWay < connections, goesOn(extent, begun: ordinal - first, since: start) {
                underWay += 1
                callers.begin(make(ordinal), count)
                ordinal += 1
            }
            if underWay == 0 { break }
            callers.advance(atMost: 20_000_000, count)
        }
        result.seconds = Double(MonotonicClock.nanoseconds() - start) / 1e9
        guard result.accepted > 0 else { return result }
        result.median = Int(latencies.valueAtPercentile(50))
        result.percentile90 = Int(latencies.valueAtPercentile(90))
        result.percentile99 = Int(latencies.valueAtPercentile(99))
        result.longest = Int(latencies.valueAtPercentile(100))
        return result
    }

    private func goesOn(_ extent: Extent, begun: Int, since start: Int64) -> Bool {
        switch extent {
        case .requests(let count): begun < count
        case .seconds(let seconds): Double(MonotonicClock.nanoseconds() - start) < seconds * 1e9
        }
    }
}
