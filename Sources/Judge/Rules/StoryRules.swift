import Scenarios
import Trace

/// Decides a story's expectations over its cell's trace.
struct StoryRules {
    let cell: CellTrace

    func rule(_ expectation: Expectation) -> Ruling {
        if let absence = cell.absence(of: expectation.check) { return absence }
        if let gap = gap(Dependencies(scenario: cell.scenario).of(expectation.form)) { return gap }
        switch expectation.form {
        case .accepted(let calls, let from, let to): return accepted(calls, from, to)
        case .refused(let calls, let twin, let because, let from, let to):
            return refused(calls, twin, because, from, to)
        case .never(let outcomes, let calls, let from, let to): return never(outcomes, calls, from, to)
        case .count(.fact(let name), let exactly, let atLeast, let atMost, _):
            guard let (n, fact) = cell.facts[name] else { return .inconclusive("the bed did not find out '\(name)'") }
            let bounds = Bounds(exactly: exactly, atLeast: atLeast, atMost: atMost)
            let what = "\(name) is \(Words.number(fact.value))"
            return bounds.hold(fact.value) ? .held(what, [n]) : .broken("\(what), wanted \(bounds.words)", [n])
        case .count(.calls(let calls, let outcome), let exactly, let atLeast, let atMost, let share):
            return count(calls, outcome, Bounds(exactly: exactly, atLeast: atLeast, atMost: atMost), share)
        case .window(let calls, let twin, let from, let atMost, let promise):
            return WindowRule(cell: cell).rule(calls, twin: twin, from, atMost: promise ? nil : atMost)
        }
    }

    /// Why it cannot be decided: not offered, cut short, or never played.
    func gap(_ steps: Set<Int>) -> Ruling? {
        if let barred = cell.barred { return .inconclusive(barred) }
        if let why = cell.absentWhole { return .notApplicable(why) }
        if let absent = cell.notOffered.first(where: { $0.step.map(steps.contains) ?? false }) { return .notApplicable(absent.event.why) }
        guard steps.contains(where: { cell.steps[$0] == nil }) else { return nil }
        if let fault = cell.fault { return .error(fault.message) }
        return .error(cell.complete ? "the trace does not show the steps it needs" : "the cell was cut short")
    }

    /// The set's calls in the span, or why there are none to judge.
    private func calls(_ name: String, _ from: Instant?, _ to: Instant?) -> (calls: [TimedCall], gap: Ruling?) {
        let all = cell.set(name)
        guard !all.isEmpty else { return ([], .inconclusive("no call of '\(name)' was made")) }
        guard let calls = cell.within(all, from: from, to: to) else {
            return ([], .inconclusive("the trace does not show the instant '\((from ?? to)?.anchor ?? "")'"))
        }
        guard !calls.isEmpty else { return ([], .inconclusive("no call of '\(name)' was made in the time in question")) }
        return (calls, nil)
    }

    private func accepted(_ name: String, _ from: Instant?, _ to: Instant?) -> Ruling {
        let (calls, gap) = calls(name, from, to)
        if let gap { return gap }
        let refused = calls.filter(\.refused), dropped = calls.filter(\.dropped)
        if let first = refused.first {
            return .broken(
                "\(refused.count) of \(Words.count(calls.count, "call")) refused (\(Self.face(first))), wanted accepted", refused.map(\.n))
        }
        if !dropped.isEmpty { return Self.droppedCalls(dropped, calls) }
        return .held("\(Words.count(calls.count, "call")) accepted", calls.map(\.n))
    }

    private func refused(_ name: String, _ twin: String?, _ because: [String], _ from: Instant?, _ to: Instant?) -> Ruling {
        let (calls, gap) = calls(name, from, to)
        if let gap { return gap }
        return RefusalRule(scheme: cell.scheme, because: because).rule(calls) {
            Controls(cell: cell).missing(for: calls, calls: name, twin: twin)
        }
    }

    private func never(_ outcomes: [String], _ name: String, _ from: Instant?, _ to: Instant?) -> Ruling {
        let (calls, gap) = calls(name, from, to)
        if let gap { return gap }
        // A call whose time was up may have had a busy machine, and leaves it undecided.
        let bad = calls.filter { outcomes.contains($0.call.outcome.rawValue) && !$0.isTooLate }
        if let first = bad.first {
            return .broken(
                "\(bad.count) of \(Words.count(calls.count, "call")) \(first.call.outcome.rawValue) (\(Self.face(first)))", bad.map(\.n))
        }
        let dropped = calls.filter(\.dropped)
        if !dropped.isEmpty { return Self.droppedCalls(dropped, calls) }
        if outcomes.contains("accepted"), let missing = missingLife(calls) { return .inconclusive(missing, calls.map(\.n)) }
        return .held("none of \(Words.count(calls.count, "call")) \(Words.either(outcomes))", calls.map(\.n))
    }

    private func count(_ name: String, _ outcome: String, _ bounds: Bounds, _ share: Double?) -> Ruling {
        let (calls, gap) = calls(name, nil, nil)
        if let gap { return gap }
        let counted = calls.filter { $0.call.outcome.rawValue == outcome }
        // What was planned and never sent counts too, where the bed says how much that was.
        let planned = max(calls.count, cell.facts["\(name).planned"].flatMap { Int(exactly: $0.fact.value) } ?? 0)
        let what = "\(counted.count) of \(Words.count(planned, "call")) \(outcome)"
        if outcome == "accepted", counted.isEmpty, let missing = missingLife(calls) { return .inconclusive(missing, calls.map(\.n)) }
        let late = calls.filter(\.isTooLate)
        guard bounds.hold(Double(counted.count)) else {
            // Undecided where those that came too late could make up for it.
            if !late.isEmpty, bounds.hold(Double(counted.count + late.count)) { return Self.droppedCalls(late, calls) }
            return .broken("\(what), wanted \(bounds.words)", counted.map(\.n))
        }
        if let share, Double(counted.count) < share * Double(planned) {
            // Calls that are due wait where those before them have no answer, be it that the server is slow or the machine busy.
            let unsent = planned - calls.count
            guard Double(counted.count + late.count + unsent) >= share * Double(planned) else {
                return .broken("\(what), wanted at least \(Words.number(share * 100))%", calls.filter { !$0.accepted }.map(\.n))
            }
            if unsent == 0 { return Self.droppedCalls(late, calls) }
            return .inconclusive("\(what); \(unsent) were never sent, because those before them had no answer yet", late.map(\.n))
        }
        return .held(what, counted.map(\.n))
    }

    /// That nothing was accepted means something only where something else was.
    private func missingLife(_ calls: [TimedCall]) -> String? {
        let own = Set(calls.map(\.n))
        return cell.calls.contains { $0.accepted && !own.contains($0.n) } ? nil : "nobody was accepted in this cell, so that proves nothing"
    }

    static func droppedCalls(_ dropped: [TimedCall], _ calls: [TimedCall]) -> Ruling {
        .inconclusive("\(dropped.count) of \(Words.count(calls.count, "call")) got no answer (\(face(dropped[0])))", dropped.map(\.n))
    }

    static func face(_ call: TimedCall) -> String {
        let face = call.call.face ?? call.call.status.map { "HTTP \($0)" } ?? call.call.outcome.rawValue
        return call.call.reason.map { "\(face), \($0)" } ?? face
    }
}

/// The bounds of a number.
struct Bounds {
    var exactly: Double?
    var atLeast: Double?
    var atMost: Double?

    func hold(_ value: Double) -> Bool {
        exactly.map { value == $0 } ?? true && atLeast.map { value >= $0 } ?? true && atMost.map { value <= $0 } ?? true
    }

    var words: String {
        [
            exactly.map { "exactly \(Words.number($0))" }, atLeast.map { "at least \(Words.number($0))" },
            atMost.map { "at most \(Words.number($0))" },
        ].compactMap { $0 }.joined(separator: " and ")
    }
}
