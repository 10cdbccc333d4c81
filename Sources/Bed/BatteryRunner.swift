import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays a battery: the baseline is accepted, then one thing is bent, then the baseline again, each on a connection of
/// its own. The bent call asks for a write, so that a refusal in words is checked against what was done.
struct BatteryRunner: Sendable {
    let stage: Stage
    let battery: Battery

    func run() async throws {
        let baseline = try await issueBaseline()
        let maker = StimulusMaker(stage: stage, battery: battery, baseline: baseline, otherIssuer: stage.world.otherIssuer)
        let absent = stage.cell.applicability.gaps(needs: stage.cell.needs)
        let cases = battery.cases.enumerated().filter {
            ($0.element.schemes?.contains(stage.cell.scheme.id) ?? true) && absent[$0.element.check] == nil
        }
        // Made before the first is played: what the issuer publishes for them is there when its keys are asked for.
        var stimuli: [Int: [Stimulus]] = [:]
        for (index, item) in cases { stimuli[index] = try await maker.stimuli(item) }
        for (index, item) in cases {
            try Task.checkCancellation()
            try stage.maker.patience.check()
            let begin = stage.trace.now
            try await play(item, stimuli[index] ?? [], baseline)
            stage.trace.write(cell: stage.cell.id) {
                $0.step = StepEvent(
                    index: index, verb: "case", say: item.title, label: item.check, begin: begin, end: stage.trace.now,
                    clock: stage.world.clock.offset)
            }
        }
    }

    private func issueBaseline() async throws -> Credential {
        var baseline = try await stage.office.issue(battery.baseline, succeeding: nil, lifetime: nil, scopes: StoryRunner.allScopes)
        baseline.session = await stage.maker.session(for: baseline, url: stage.world.serverURL, with: stage.probe(for: baseline))
        return baseline
    }

    private func play(_ item: Battery.Case, _ stimuli: [Stimulus], _ baseline: Credential) async throws {
        await twin(item, baseline, 0)
        let before = await stage.canaryWrites(baseline)
        let counts = stage.counts
        var events: [CallEvent] = []
        for (index, stimulus) in stimuli.enumerated() {
            try Task.checkCancellation()
            do { try await stimulus.setUp?() } catch var refused as RefusedPreparation {
                (refused.call.set, refused.call.ordinal) = (item.check, index + 1)
                stage.trace.write(cell: stage.cell.id) { $0.call = refused.call }
                break
            }
            events.append(await call(item, stimulus, index + 1, terse: index > 1 && item.atMost["misnamed-callers"] == nil))
            try await stimulus.tearDown?()
            // A server that says nothing more is not asked hundreds of times.
            if events.suffix(Patience.limit).count(where: { $0.outcome == .dropped && $0.status == nil }) == Patience.limit { break }
        }
        // Who has said why is not about to end.
        try await stage.reviveServer(isSilent: events.contains { $0.status == nil && $0.reason == nil })
        let after = await stage.canaryWrites(baseline)
        let accepted = events.count { $0.outcome == .accepted && $0.tool == "canary.write" }
        if let before, let after, after - before > accepted, let last = events.lastIndex(where: { $0.outcome != .accepted }) {
            events[last].outcome = .accepted
            events[last].face = "\(events[last].face ?? "refused"), but a write was done"
        }
        for event in events { stage.trace.write(cell: stage.cell.id) { $0.call = event } }
        for (name, count) in counts { stage.fact("\(item.check).\(name)", Double((stage.counts[name] ?? 0) - count), unit: name) }
        let inspection = Inspection(stage: stage, credentials: stimuli.map(\.credential) + [baseline], events: events)
        for name in Battery.findings where item.atMost[name] != nil {
            guard let count = await inspection.count(name) else { continue }
            stage.fact("\(item.check).\(name)", Double(count), unit: name)
        }
        let welcome = await twin(item, baseline, stimuli.count + 1)
        if welcome.outcome != .accepted { try await stage.reviveServer(isSilent: true) }
    }

    private func call(_ item: Battery.Case, _ stimulus: Stimulus, _ ordinal: Int, terse: Bool) async -> CallEvent {
        var plan = PlannedCall(
            set: item.check, ordinal: ordinal, credential: stimulus.credential, channelName: "new-connection", channel: .newConnection,
            tool: item.tool ?? "canary.write", authorization: stimulus.authorization, url: stage.world.serverURL,
            bent: stimulus.description,
            keepText: !terse)
        (plan.change, plan.octets, plan.exchange) = (stimulus.change, stimulus.octets, stimulus.exchange)
        (plan.anySuccess, plan.terse) = (stimulus.anySuccess, terse)
        return await stage.maker.perform(plan, with: stage.probe(for: stimulus.credential))
    }

    @discardableResult
    private func twin(_ item: Battery.Case, _ baseline: Credential, _ ordinal: Int) async -> CallEvent {
        await stage.maker.call(
            PlannedCall(
                set: item.check, ordinal: ordinal, credential: baseline, twin: true, channelName: "new-connection",
                channel: .newConnection, tool: "canary.read", url: stage.world.serverURL, keepText: ordinal == 0),
            with: stage.probe(for: baseline))
    }
}
