import Foundation
import Probing
import Scenarios
import Trace

/// A connection that a scenario opened and kept, or the TLS session to resume.
struct KeptConnection: Sendable {
    var credential: Credential
    var url: String
    var connectTo: String?
    /// Holds the open connection.
    var probe: Probe
    /// Holds a session of its own, saved on an earlier connection that is closed again.
    var resumer: Probe
    /// Whether the server resumed that session when it was asked to.
    var resumes = false
}

/// Repeats a call at an interval, and its twin beside it, until the answer changes; then, where asked, moves the clock
/// to find a change that lies hours or months ahead.
struct ProbeRunner: Sendable {
    /// A probe counts as refused for good after this many refusals in a row: one alone might be a stumble.
    static let refusalsToStop = 3

    let maker: CallMaker
    let clock: SubjectClock
    let world: CellWorld

    /// A probe step with everything it names looked up.
    struct Target: Sendable {
        var step: Verb.Probe
        var credential: Credential
        var twin: Credential?
        var kept: KeptConnection?
    }

    /// Runs probes side by side, each against its own connections; then, one after the other, those that leap.
    func run(_ targets: [Target]) async throws {
        let lanes = try await prepare(targets)
        // The first look comes before everything else, the cheapest channel first, so that each window's bracket is as
        // narrow as a call: side by side, three handshakes would slow each other down.
        var first: [Int: CallEvent] = [:]
        let order: [Channel] = [.kept, .resumedSession, .newConnection]
        for (index, lane) in lanes.enumerated().sorted(by: {
            order.firstIndex(of: $0.element.channel) ?? 0 < order.firstIndex(of: $1.element.channel) ?? 0
        })
        where lane.target.step.aroundExpiry == nil {
            first[index] = await once(lane, 0, keepText: true)
        }
        let looks = first
        let counts = await withTaskGroup(of: (Int, Int, Bool).self) { group in
            for (index, lane) in lanes.enumerated() {
                group.addTask {
                    let (made, refused) = await self.inRealTime(lane, after: looks[index])
                    return (index, made, refused)
                }
            }
            var results = Array(repeating: (0, false), count: lanes.count)
            for await (index, made, refused) in group { results[index] = (made, refused) }
            return results
        }
        for (lane, (made, refused)) in zip(lanes, counts) {
            if let span = lane.target.step.aroundExpiry {
                try await aroundExpiry(lane, span: span)
            } else if lane.target.step.leap, !refused, clock.movable {
                try await leap(lane, ordinal: made)
            }
        }
    }

    private struct Lane: Sendable {
        var target: Target
        var credential: Credential
        var twin: Credential?
        var probe: Probe
        var twinProbe: Probe?
        var channel: Channel
        var url: String
        var connectTo: String?
    }

    private func prepare(_ targets: [Target]) async throws -> [Lane] {
        var lanes: [Lane] = []
        for target in targets {
            let step = target.step
            let channel: Channel =
                switch step.over {
                case .newConnection, .replica: .newConnection
                case .kept: .kept
                case .resumedSession: .resumedSession
                }
            if channel != .newConnection, target.kept == nil { throw BedError("no connection is named \(step.connection ?? "nothing")") }
            let probe =
                switch step.over {
                case .newConnection, .replica: Probe(ca: world.pki.ca, identity: target.credential.identity)
                case .kept: target.kept?.probe
                case .resumedSession: target.kept?.resumer
                }
            guard let probe else { throw BedError("no connection for \(step.label)") }
            let twinProbe = target.twin.map { Probe(ca: world.pki.ca, identity: $0.identity) }
            var (credential, twin) = (target.kept?.credential ?? target.credential, target.twin)
            // Sessions are one process's own.
            if step.over == .replica {
                credential.session = nil
                twin?.session = nil
            }
            lanes.append(
                Lane(
                    target: target, credential: credential, twin: twin, probe: probe,
                    twinProbe: twinProbe, channel: channel, url: target.kept?.url ?? world.serverURL,
                    connectTo: step.over == .replica ? world.replica : target.kept?.connectTo))
        }
        return lanes
    }

    private func plan(
        _ step: Verb.Probe, _ credential: Credential, _ ordinal: Int, _ twin: Bool, _ channel: Channel, _ url: String,
        connectTo: String? = nil, keepText: Bool = false
    ) -> PlannedCall {
        PlannedCall(
            set: step.label, ordinal: ordinal, credential: credential, twin: twin, channelName: step.over.rawValue, channel: channel,
            tool: "canary.read", url: url, connectTo: connectTo, keepText: keepText)
    }

    private func once(_ lane: Lane, _ ordinal: Int, keepText: Bool = false) async -> CallEvent {
        await maker.call(
            plan(lane.target.step, lane.credential, ordinal, false, lane.channel, lane.url, connectTo: lane.connectTo, keepText: keepText),
            with: lane.probe)
    }

    private func twinOnce(_ lane: Lane, _ ordinal: Int, keepText: Bool = false) async {
        guard let twin = lane.twin, let probe = lane.twinProbe else { return }
        if ordinal == 0, lane.channel == .resumedSession {
            // Saves the session that the twin's calls resume.
            _ = await maker.perform(plan(lane.target.step, twin, 0, true, .resumedSession, world.serverURL), with: probe)
        }
        await maker.call(
            plan(
                lane.target.step, twin, ordinal, true, lane.channel, world.serverURL,
                connectTo: lane.target.kept == nil ? lane.connectTo : nil,
                keepText: keepText), with: probe)
    }

    /// - Returns: How many calls were made, and whether the last ones were refused.
    private func inRealTime(_ lane: Lane, after first: CallEvent?) async -> (Int, Bool) {
        let step = lane.target.step
        guard let first else { return (0, false) }
        let clock = ContinuousClock()
        let start = clock.now
        let end = start.advanced(by: .seconds(max(step.atMost, step.leap ? lookInRealTime : 0)))
        var ordinal = 1
        var refusals = first.outcome == .refused ? 1 : 0
        await twinOnce(lane, 0, keepText: true)
        if step.untilAccepted, first.outcome == .accepted { return (1, false) }
        // A first refusal is always looked at again, however late it came.
        while clock.now < end || step.untilRefused && refusals > 0, !Task.isCancelled {
            let event = await once(lane, ordinal)
            ordinal += 1
            refusals = event.outcome == .refused ? refusals + 1 : 0
            if step.untilRefused, refusals >= Self.refusalsToStop { break }
            if step.untilAccepted, event.outcome == .accepted { break }
            try? await clock.sleep(until: start.advanced(by: .seconds(step.every * Double(ordinal - 1))), tolerance: .milliseconds(1))
        }
        await twinOnce(lane, ordinal, keepText: true)
        return (ordinal, refusals > 0)
    }

    /// How far ahead to look, in seconds, where the door should have been closed within what the scheme promises.
    private static let strides: [Double] = [60, 3600, 86400, 10 * 86400, 100 * 86400, 300 * 86400]

    /// Where the promise is a number of seconds and has been broken: forwards, further each time, because a connection or session
    /// that was refused once is gone, and what comes in its place says nothing of it.
    private func onwards(_ lane: Lane, ordinal first: Int, promise: Double) async throws {
        let (start, before) = (clock.now, clock.offset)
        let ahead = ([promise + 1] + Self.strides.filter { $0 > promise + 1 }).map { start + $0 }
        var ordinal = first
        for time in ahead.filter({ $0 < lane.credential.expiry }) + [lane.credential.expiry + 2] {
            try clock.set(to: time)
            let event = await once(lane, ordinal, keepText: true)
            ordinal += 1
            if event.outcome != .accepted { break }
        }
        await twinOnce(lane, ordinal, keepText: true)
        try clock.set(offset: before)
    }

    /// For how long a server is looked at in real time, where no clock shortens it: one that takes up lists by a signal alone goes on with its old
    /// processes for a moment, and where the clock cannot be moved nothing is seen of what comes later.
    private var lookInRealTime: Double {
        maker.subject.lack(of: .lists) == nil && clock.movable ? 0 : (maker.scheme.revocationPromise ?? 0) + 0.25
    }

    /// How often a call that got no answer is made again: it does not say on which side of the change it lies.
    private static let looksForAnAnswer = 3

    /// Calls until there is an answer; what it cost is in the ordinal.
    private func answer(_ lane: Lane, _ ordinal: inout Int, keepText: Bool = false) async -> CallEvent {
        var event = await once(lane, ordinal, keepText: keepText)
        for _ in 1..<Self.looksForAnAnswer where event.outcome == .dropped {
            ordinal += 1
            event = await once(lane, ordinal, keepText: keepText)
        }
        return event
    }

    /// Halves the time between now, when calls are accepted, and the credential's expiry, until the change is known to
    /// the second. A lifetime of a year takes 25 calls.
    private func leap(_ lane: Lane, ordinal first: Int) async throws {
        guard lane.credential.expiry.isFinite else { return }
        if let promise = maker.scheme.revocationPromise { return try await onwards(lane, ordinal: first, promise: promise) }
        var ordinal = first
        var accepted = clock.now
        var refused = lane.credential.expiry + 2
        let before = clock.offset
        try clock.set(to: refused)
        guard await answer(lane, &ordinal, keepText: true).outcome == .refused else {
            // Still open after its own expiry: more than the scheme can promise, and the judge will say so.
            await twinOnce(lane, ordinal + 1)
            try clock.set(offset: before)
            return
        }
        await twinOnce(lane, ordinal + 1, keepText: true)
        while refused - accepted > 1 {
            ordinal += 1
            let middle = accepted + (refused - accepted) / 2
            try clock.set(to: middle)
            if await answer(lane, &ordinal).outcome == .refused { refused = middle } else { accepted = middle }
        }
        await twinOnce(lane, ordinal + 1)
        try clock.set(offset: before)
    }

    /// Calls in the middle of every second around the expiry, forwards.
    private func aroundExpiry(_ lane: Lane, span: Double) async throws {
        let before = clock.offset
        await twinOnce(lane, 0, keepText: true)
        var ordinal = 0
        for second in stride(from: -span.rounded() - 0.5, through: span.rounded() + 0.5, by: 1) {
            try clock.set(to: lane.credential.expiry + second)
            _ = await once(lane, ordinal, keepText: true)
            await twinOnce(lane, ordinal)
            ordinal += 1
        }
        try clock.set(offset: before)
    }
}
