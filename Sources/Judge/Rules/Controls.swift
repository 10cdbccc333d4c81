import Scenarios
import Trace

/// The accepted calls that give a refusal its meaning.
struct Controls {
    let cell: CellTrace

    /// Nil when the twin of these refused calls was accepted both before and after; otherwise what is missing.
    func missing(for refused: [TimedCall], calls name: String, twin: String?) -> String? {
        guard let first = refused.min(by: { $0.begin < $1.begin }) else { return nil }
        let (what, controls, needsAfter) = controls(calls: name, twin: twin, before: first)
        guard !controls.isEmpty else { return "no twin was called, so the refusal proves nothing" }
        guard controls.contains(where: \.accepted) else {
            return "\(what) was not accepted either, so the refusal proves nothing"
        }
        guard controls.contains(where: { $0.accepted && Self.isBefore($0, first) }) else {
            return "\(what) was not accepted before the refusal"
        }
        if needsAfter, !controls.contains(where: { $0.accepted && Self.isAfter($0, first) }) {
            return "\(what) was not accepted any more after the refusal: perhaps nobody was"
        }
        return nil
    }

    /// Clocks may have been moved back and forth, so either clock will do.
    private static func isBefore(_ call: TimedCall, _ first: TimedCall) -> Bool {
        call.call.begin < first.call.begin || call.begin < first.begin
    }

    private static func isAfter(_ call: TimedCall, _ first: TimedCall) -> Bool {
        call.call.end > first.call.begin && call.call.begin >= first.call.begin || call.begin >= first.begin
    }

    private func controls(calls name: String, twin: String?, before first: TimedCall) -> (String, [TimedCall], Bool) {
        if let twin {
            // The named calls, and whatever else the same credential did: it must be welcome before and after.
            let named = cell.set(twin)
            return ("the twin '\(twin)'", named + welcomes(named, outside: name), true)
        }
        // A twin that was asked for and is not there leaves nothing to stand on.
        if let owner = ownerOfTwin(name) {
            let named = cell.set("\(owner).twin")
            return ("the twin of '\(owner)'", named + welcomes(named, outside: name), true)
        }
        // The same calls, accepted until the change; nobody else was there to be asked afterwards.
        return ("'\(name)' itself", cell.set(name).filter { $0.begin < first.begin }, false)
    }

    /// Whatever else the same credentials did and was accepted, unbent and not replayed.
    private func welcomes(_ named: [TimedCall], outside name: String) -> [TimedCall] {
        let credentials = Set(named.map(\.call.credential))
        return cell.calls.filter {
            $0.accepted && credentials.contains($0.call.credential) && $0.call.channel != "replayed" && $0.call.bent == nil
                && ($0.call.set != name || $0.call.twin)
        }
    }

    /// The probe whose twin speaks for this set: itself, or the one it runs beside.
    func ownerOfTwin(_ name: String) -> String? {
        guard let probe = probe(name) else { return nil }
        if probe.twin != nil { return name }
        return probe.beside.flatMap { self.probe($0)?.twin == nil ? nil : $0 }
    }

    private func probe(_ name: String) -> Verb.Probe? {
        cell.scenario.steps.lazy.compactMap { if case .probe(let probe) = $0.verb, probe.label == name { probe } else { nil } }.first
    }
}
