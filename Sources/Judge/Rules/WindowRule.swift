import Scenarios
import Trace

/// From an instant to the last accepted call, as a bracket, and whether that keeps the promise.
struct WindowRule {
    let cell: CellTrace

    /// The bracket, or why there is none.
    func bracket(_ name: String, _ from: Instant) -> Result<(bracket: Bracket, evidence: [Int]), Gap> {
        let all = cell.set(name)
        guard !all.isEmpty else { return .failure(Gap("no call of '\(name)' was made")) }
        guard let start = cell.time(of: from, for: all) else {
            return .failure(Gap("the trace does not show the instant '\(from.anchor)'"))
        }
        let accepted = all.filter { $0.accepted && $0.begin >= start }
        let last = accepted.max { $0.begin < $1.begin }
        // What was refused before the last accepted call is a stumble, not the end.
        let first = all.filter { $0.refused && !$0.isOutage && $0.end >= start && $0.begin >= last?.begin ?? -.infinity }
            .min { $0.begin < $1.begin }
        if last == nil, first == nil, let end = all.last(where: { !$0.dropped && !$0.isOutage }), end.refused {
            // Closed for good before the instant was over, as when a stream ends during the command that revokes.
            return .success((Bracket(lower: 0, upper: 0, seenOpen: false), [end.n]))
        }
        guard last != nil || first != nil else { return .failure(Gap("no call of '\(name)' was answered after '\(from.anchor)'")) }
        let bracket = Bracket(
            lower: max(0, (last?.begin ?? start) - start), upper: first.map { max(0, $0.end - start) }, seenOpen: last != nil)
        return .success((bracket, [last?.n, first?.n].compactMap { $0 }))
    }

    /// - Parameters:
    ///   - twin: the set of calls that goes on; nil: a probe's own.
    ///   - atMost: seconds; nil for what the scheme promises.
    func rule(_ name: String, twin: String?, _ from: Instant, atMost: Double?) -> Ruling {
        let all = cell.set(name)
        switch bracket(name, from) {
        case .failure(let gap): return .inconclusive(gap.why)
        case .success(let (bracket, evidence)):
            guard let start = cell.time(of: from, for: all), let limit = limit(atMost, start, all) else {
                return .inconclusive("the trace does not say when '\(all.first?.call.credential ?? name)' expires")
            }
            let words = Words.bracket(bracket), wanted = "at most \(Words.duration(limit))"
            // Only what is certainly longer breaks the promise.
            if bracket.lower > limit + edge(atMost) { return .broken("\(words), wanted \(wanted)", evidence) }
            guard bracket.upper != nil else {
                return .inconclusive("\(words), which is before the promise ends: \(wanted)", evidence)
            }
            if let missing = missingControl(name, twin, all, start) { return .inconclusive(missing, evidence) }
            return .held("closed after \(words), promised \(wanted)", evidence)
        }
    }

    /// Expiry is written in whole seconds, a certificate is good to the end of its last one (RFC 5280 section 4.1.2.5), and
    /// who compares it looks at a clock of whole seconds.
    private func edge(_ atMost: Double?) -> Double { atMost ?? cell.scheme.revocationPromise == nil ? 2 : 0 }

    private func limit(_ atMost: Double?, _ start: Double, _ calls: [TimedCall]) -> Double? {
        if let limit = atMost ?? cell.scheme.revocationPromise { return limit }
        return calls.first.flatMap { cell.expiry(of: $0.call.credential) }.map { $0 - start }
    }

    /// A door that was never open, or that is closed to everybody, has no window.
    private func missingControl(_ name: String, _ twin: String?, _ calls: [TimedCall], _ start: Double) -> String? {
        let credentials = Set(calls.map(\.call.credential))
        guard cell.calls.contains(where: { $0.accepted && credentials.contains($0.call.credential) && $0.begin <= start }) else {
            return "the credential was not accepted before, so its refusal proves nothing"
        }
        let controls = Controls(cell: cell)
        guard twin != nil || controls.ownerOfTwin(name) != nil else { return nil }
        let refused = calls.filter { $0.refused && !$0.isOutage }
        let after = refused.filter { $0.begin >= start }
        return controls.missing(for: after.isEmpty ? refused.suffix(1) : after, calls: name, twin: twin)
    }

    struct Gap: Error {
        var why: String
        init(_ why: String) { self.why = why }
    }
}
