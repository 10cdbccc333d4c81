import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays a battery: the baseline is accepted, then one thing is bent, then the baseline again, each on a connection of
/// its own. The bent call asks for a write, so that a refusal in words is checked against what was done: the baseline
/// reads how often something was written. Between two cases it is called once, for both.
struct BatteryRunner: Sendable {
    /// The baseline's call after one case and before the next.
    private struct Twin {
        var event: CallEvent
        /// How often something was written by then; nil where that cannot be read.
        var writes: Int?
    }

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
        for (index, item) in cases {
            do { stimuli[index] = try await maker.stimuli(item) } catch let gap as SubjectGap {
                stage.trace.write(cell: stage.cell.id) { $0.notOffered = NotOffered(verb: gap.what, why: gap.why, check: item.check) }
            }
        }
        var last: Twin?
        for (index, item) in cases where stimuli[index] != nil {
            try Task.checkCancellation()
            try stage.maker.patience.check()
            let begin = stage.trace.now
            last = try await play(item, stimuli[index] ?? [], baseline, after: last)
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

    /// - Parameter last: What the baseline was answered just now; nil where it is to be called first.
    /// - Returns: What it was answered in the end; nil where somebody else has called since.
    private func play(_ item: Battery.Case, _ stimuli: [Stimulus], _ baseline: Credential, after last: Twin?) async throws -> Twin? {
        let before = if let last { last } else { await twin(item, baseline) }
        write(before, item, 0)
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
            if stage.cell.isSettled(item, by: events.suffix(1).map(\.outcome)) { break }
            // A server that says nothing more is not asked hundreds of times.
            if events.suffix(Patience.limit).count(where: { $0.outcome == .dropped && $0.status == nil }) == Patience.limit { break }
        }
        // Who has said why is not about to end.
        try await stage.reviveServer(isSilent: events.contains { $0.status == nil && $0.reason == nil })
        for (name, count) in counts { stage.fact("\(item.check).\(name)", Double((stage.counts[name] ?? 0) - count), unit: name) }
        let after = await twin(item, baseline)
        let accepted = events.count { $0.outcome == .accepted && $0.tool == "canary.write" }
        if let before = before.writes, let after = after.writes, after - before > accepted,
            let last = events.lastIndex(where: { $0.outcome != .accepted })
        {
            events[last].outcome = .accepted
            events[last].face = "\(events[last].face ?? "refused"), but a write was done"
        }
        for event in events { stage.trace.write(cell: stage.cell.id) { $0.call = event } }
        write(after, item, stimuli.count + 1)
        let findings = Battery.findings.filter { item.atMost[$0] != nil }
        let inspection = Inspection(stage: stage, credentials: stimuli.map(\.credential) + [baseline], events: events)
        for name in findings {
            guard let count = await inspection.count(name) else { continue }
            stage.fact("\(item.check).\(name)", Double(count), unit: name)
        }
        guard after.event.outcome == .accepted else {
            try await stage.reviveServer(isSilent: true)
            return nil
        }
        return findings.isEmpty ? after : nil
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

    private func twin(_ item: Battery.Case, _ baseline: Credential) async -> Twin {
        let (event, answer) = await stage.maker.exchange(
            PlannedCall(
                set: item.check, ordinal: 0, credential: baseline, twin: true, channelName: "new-connection", channel: .newConnection,
                tool: "canary.read", url: stage.world.serverURL, keepText: true), with: stage.probe(for: baseline))
        return Twin(event: event, writes: stage.writes(in: answer))
    }

    private func write(_ twin: Twin, _ item: Battery.Case, _ ordinal: Int) {
        var event = twin.event
        (event.set, event.ordinal) = (item.check, ordinal)
        // What the right request looks like is told once.
        if ordinal > 0, event.outcome == .accepted { (event.sent, event.received) = (nil, nil) }
        stage.trace.write(cell: stage.cell.id) { $0.call = event }
    }
}
