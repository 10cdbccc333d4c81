import Foundation
import Probing
import Synchronization
import Trace

/// What a scenario starts, lets run beside other steps, and stops.
protocol Traffic: Sendable {
    func start() async throws
    /// Waits for it to end by itself, for so many seconds at most. Calls never do.
    func awaitEnd(for seconds: Double) async
    /// Ends it and writes every call to the trace.
    func stop() async
}

/// Open-loop traffic of several callers, who can move over to another credential one after another while it flows.
final class TrafficRunner: Traffic {
    private let label: String
    private let callers: Int
    private let isFresh: Bool
    private let holders: Mutex<[Credential]>
    private let load: OpenLoopLoad
    private let maker: CallMaker
    private let used = Mutex<[Int: Credential]>([:])

    /// - Parameter isFresh: Whether each call is made on a connection of its own.
    init(label: String, credential: Credential, rate: Double, connections: Int, isFresh: Bool, url: String, ca: String, maker: CallMaker) {
        self.label = label
        self.maker = maker
        callers = connections
        self.isFresh = isFresh
        holders = Mutex(Array(repeating: credential, count: connections))
        let box = Box()
        load = OpenLoopLoad(rate: rate, connections: connections, isFresh: isFresh, ca: ca) { ordinal in
            guard let owner = box.owner.withLock({ $0 }) else { return (ProbeRequest(method: "GET", url: url, headers: [], body: []), nil) }
            return owner.request(ordinal, url: url)
        }
        box.owner.withLock { $0 = self }
    }

    private final class Box: Sendable {
        let owner = Mutex<TrafficRunner?>(nil)
    }

    /// How long a call of a load may take, in seconds: it is made among many, and a call that is only late shows nothing.
    private static let patience = 10.0

    private func request(_ ordinal: Int, url: String) -> (ProbeRequest, ClientIdentity?) {
        let credential = holders.withLock { $0[ordinal % callers] }
        used.withLock { $0[ordinal] = credential }
        var request = maker.wire.call(
            "canary.read", url: url, authorization: credential.authorization.map { [$0] } ?? [], session: credential.session)
        maker.prove(&request, credential)
        request.timeout = Self.patience
        return (request, credential.identity)
    }

    func start() { load.start() }

    func awaitEnd(for seconds: Double) async { try? await Task.sleep(for: .seconds(seconds)) }

    /// Moves the callers over, one after another, in that many seconds, and waits for the calls of before to be answered.
    func move(to credential: Credential, spreadOver seconds: Double) async {
        let clock = ContinuousClock()
        let start = clock.now
        for caller in 0..<callers {
            holders.withLock { $0[caller] = credential }
            try? await clock.sleep(until: start.advanced(by: .seconds(seconds * Double(caller + 1) / Double(callers))), tolerance: .zero)
        }
        let last = used.withLock { $0.keys.max() } ?? -1
        let end = start.advanced(by: .seconds(seconds + Self.patience))
        while !load.hasAnswered(upTo: last), clock.now < end, !Task.isCancelled { try? await clock.sleep(for: .milliseconds(10)) }
    }

    /// Ends the traffic, waits for the answers under way and writes every call to the trace.
    func stop() async {
        let samples = await load.stop()
        let planned = Double(load.planned)
        maker.trace.write(cell: maker.cell) { $0.fact = FactEvent(name: "\(label).planned", value: planned, unit: "calls") }
        for sample in samples {
            let credential = used.withLock { $0[sample.ordinal] }
            var event = CallEvent(
                set: label, ordinal: sample.ordinal, credential: credential?.name ?? "?", twin: false,
                channel: isFresh ? "new-connection" : "kept",
                tool: "canary.read", begin: maker.trace.relative(sample.beginNanoseconds), end: maker.trace.relative(sample.endNanoseconds),
                clock: maker.clock.offset, outcome: .dropped, newConnection: sample.answer.newConnection, resumed: sample.answer.resumed)
            event.tls = sample.answer.tlsVersion
            await maker.judge(&event, sample.answer)
            maker.trace.write(cell: maker.cell) { $0.call = event }
        }
    }
}
