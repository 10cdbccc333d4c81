import Dispatch
import Synchronization

/// One arrival of an open-loop load.
package struct LoadSample: Sendable {
    package var ordinal: Int
    /// When it was due, on CLOCK_MONOTONIC. Latency counts from here.
    package var plannedNanoseconds: Int64
    package var beginNanoseconds: Int64
    package var endNanoseconds: Int64
    package var answer: ProbeAnswer
}

/// Requests at a fixed rate over kept-alive connections, or each over one of its own, whether or not answers come back.
///
/// Where a peer, or the machine, has stopped answering, arrivals that are due wait: a connection for each of them would be a storm of
/// handshakes that nobody recovers from. What still waits at the end is sent as answers make room: a busy machine makes calls late,
/// and not fewer. Where no answer comes, it is planned and never sent.
///
/// A load that waits for answers slows down with the server and so hides the gap it should show.
package final class OpenLoopLoad: Sendable {
    package typealias Make = @Sendable (Int) -> (ProbeRequest, ClientIdentity?)

    private struct State {
        var started = false
        /// When it was told to, on CLOCK_MONOTONIC.
        var stopped: Int64?
        var ended = false
        var samples: [LoadSample] = []
        var planned = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// How many may be under way: several times what a load has connections.
    private static let leastUnderWay = 32
    private let interval: Double
    /// In nanoseconds.
    private let grace: Int64
    private let connections: Int
    private let isFresh: Bool
    private let ca: String?
    private let make: Make
    private let state = Mutex(State())

    /// - Parameters:
    ///   - rate: Arrivals a second.
    ///   - connections: How many are opened, and used in turn, for each identity; more are added for want of an idle one.
    ///   - isFresh: Whether each request opens a connection of its own, with a full handshake, and closes it.
    ///   - grace: For how many seconds after the end those are sent that were due before and waited.
    ///   - make: The request of each arrival, by its ordinal from 0, and as whom it is sent. Called as each falls due.
    package init(rate: Double, connections: Int, isFresh: Bool = false, grace: Double = 10, ca: String?, make: @escaping Make) {
        interval = 1_000_000_000 / max(rate, 0.1)
        self.grace = Int64(grace * 1_000_000_000)
        self.connections = connections
        self.isFresh = isFresh
        self.ca = ca
        self.make = make
    }

    /// Begins; the first arrival is due at once.
    package func start() {
        let first = state.withLock { state in
            defer { state.started = true }
            return !state.started
        }
        if first { DispatchQueue(label: "open-loop-load", qos: .userInitiated).async { self.run() } }
    }

    /// How many arrivals were due until it was stopped, sent or not.
    package var planned: Int { state.withLock { $0.planned } }

    /// Whether every arrival up to that ordinal has its answer.
    package func hasAnswered(upTo ordinal: Int) -> Bool {
        state.withLock { $0.samples.count { $0.ordinal <= ordinal } } > ordinal
    }

    /// Ends the arrivals and waits for the answers under way, each bounded by its request's time-out. What was due by now and is late
    /// is sent all the same, until the grace is over or a call gets no answer.
    /// - Returns: All arrivals in order; none when it was never started.
    package func stop() async -> [LoadSample] {
        await withCheckedContinuation { continuation in
            let resumes = state.withLock { state in
                state.stopped = state.stopped ?? MonotonicClock.nanoseconds()
                if state.started, !state.ended { state.waiters.append(continuation) }
                return !state.started || state.ended
            }
            if resumes { continuation.resume() }
        }
        return state.withLock { $0.samples }.sorted { $0.ordinal < $1.ordinal }
    }

    private func run() {
        let pool = TransferPool(ca: ca, connections: connections)
        let most = max(Self.leastUnderWay, 4 * connections)
        let start = MonotonicClock.nanoseconds()
        var ordinal = 0
        var isUnanswered = false
        var due: Int64 { start + Int64(Double(ordinal) * interval) }
        while true {
            let (stopped, now) = (state.withLock { $0.stopped }, MonotonicClock.nanoseconds())
            let isOver = stopped.map { isUnanswered || now >= $0 + grace } ?? false
            while !isOver, due <= stopped ?? MonotonicClock.nanoseconds(), pool.underWay < most {
                let (request, identity) = make(ordinal)
                pool.begin(request, identity: identity, ordinal: ordinal, planned: due, over: isFresh ? .newConnection : .kept)
                ordinal += 1
            }
            if let stopped {
                // Those that are held back were due as well.
                let arrivals = due <= stopped ? max(ordinal, Int(Double(stopped - start) / interval) + 1) : ordinal
                state.withLock { $0.planned = arrivals }
                if pool.isIdle, isOver || due > stopped { break }
            }
            pool.advance { slot, answer in
                if stopped != nil, case .dropped = answer.outcome { isUnanswered = true }
                let sample = LoadSample(
                    ordinal: slot.ordinal, plannedNanoseconds: slot.planned, beginNanoseconds: answer.beginNanoseconds,
                    endNanoseconds: answer.endNanoseconds, answer: answer)
                state.withLock { $0.samples.append(sample) }
            }
            // Where arrivals are held back, an answer is what is waited for.
            let rest = stopped != nil || pool.underWay >= most ? 20_000_000 : due - MonotonicClock.nanoseconds()
            pool.wait(atMost: min(20_000_000, rest))
        }
        finish()
    }

    private func finish() {
        let waiters = state.withLock { state in
            state.ended = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
