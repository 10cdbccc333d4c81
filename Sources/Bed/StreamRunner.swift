import Foundation
import Probing
import Synchronization
import Trace

/// One call whose answer is a stream of events, kept open while the story goes on. Each event counts as a call that was accepted;
/// the end, when it is not the bed's, as one that was refused.
final class StreamRunner: Traffic {
    private struct Tick {
        var nanoseconds: Int64
        /// The subjects' clock then: it may be moved while the stream is open.
        var clock: Double
    }

    private struct State {
        var ticks: [Tick] = []
        var end: (tick: Tick, why: String)?
        var answer: ProbeAnswer?
    }

    /// How long the first event may take.
    private static let patience = Duration.seconds(10)

    private let label: String
    private let credential: Credential
    private let interval: Double
    private let url: String
    private let ca: String
    private let maker: CallMaker
    private let stream = EventStream()
    private let state = Mutex(State())
    private let ended = AsyncStream<Void>.makeStream()
    /// One element when something has come since the last one was taken.
    private let news = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter rate: Events a second.
    init(label: String, credential: Credential, rate: Double, url: String, ca: String, maker: CallMaker) {
        self.label = label
        self.credential = credential
        self.interval = 1 / rate
        self.url = url
        self.ca = ca
        self.maker = maker
    }

    /// Returns when the first event has come, or the answer that there will be none.
    ///
    /// - Throws: `BedError` when neither comes.
    func start() async throws {
        var request = maker.wire.stream(
            every: interval, url: url, authorization: credential.authorization.map { [$0] } ?? [], session: credential.session)
        request.timeout = 300
        maker.prove(&request, credential)
        let (begun, signal) = AsyncStream<Void>.makeStream()
        let limit = Task {
            try await Task.sleep(for: Self.patience)
            signal.finish()
        }
        defer { limit.cancel() }
        stream.start(
            request, ca: ca, identity: credential.identity,
            onEvent: { [self] event in
                let tick = Tick(nanoseconds: event.nanoseconds, clock: maker.clock.offset)
                state.withLock { state in
                    switch Wire.streamPart(event.data) {
                    case .progress: state.ticks.append(tick)
                    case .end(let why):
                        state.end = state.end ?? (tick, why)
                        ended.continuation.finish()
                    }
                }
                news.continuation.yield()
                signal.yield()
            },
            onEnd: { [self] answer in
                let tick = Tick(nanoseconds: answer.endNanoseconds, clock: maker.clock.offset)
                state.withLock { state in
                    state.answer = answer
                    state.end = state.end ?? (tick, "the stream was closed")
                }
                ended.continuation.finish()
                news.continuation.finish()
                signal.yield()
            })
        for await _ in begun { return }
        throw BedError("the stream \(label) has not begun after \(Self.patience)")
    }

    func awaitEnd(for seconds: Double) async {
        let limit = Task {
            try await Task.sleep(for: .seconds(seconds))
            ended.continuation.finish()
        }
        defer { limit.cancel() }
        for await _ in ended.stream {}
    }

    func stop() async {
        await awaitSignOfLife()
        // What ended it before this was the server.
        let (ticks, end) = state.withLock { ($0.ticks, $0.end) }
        let answer = await stream.stop()
        for (ordinal, tick) in ticks.enumerated() {
            var event = event(ordinal, tick, .accepted)
            event.status = 200
            maker.trace.write(cell: maker.cell) { $0.call = event }
        }
        guard let end else { return }
        var event = event(ticks.count, end.tick, .refused)
        event.face = end.why
        if ticks.isEmpty {
            // Refused before it began, like any other call.
            await maker.judge(&event, answer)
        } else {
            maker.explain(&event, answer)
        }
        maker.trace.write(cell: maker.cell) { $0.call = event }
    }

    /// Waits for one more event, or for the end: a stream that still flows is seen to, however slow the machine is.
    private func awaitSignOfLife() async {
        let asked = MonotonicClock.nanoseconds()
        let limit = Task { [news, interval] in
            try await Task.sleep(for: .seconds(1 + interval))
            news.continuation.finish()
        }
        defer { limit.cancel() }
        for await _ in news.stream
        where state.withLock({ $0.end != nil || ($0.ticks.last?.nanoseconds ?? 0) > asked }) { break }
    }

    private func event(_ ordinal: Int, _ tick: Tick, _ outcome: CallEvent.Outcome) -> CallEvent {
        let at = maker.trace.relative(tick.nanoseconds)
        return CallEvent(
            set: label, ordinal: ordinal, credential: credential.name, twin: false, channel: "stream", tool: "canary.stream", begin: at,
            end: at,
            clock: tick.clock, outcome: outcome, newConnection: ordinal == 0, resumed: false)
    }
}
