import Scenarios

/// Which steps of a story must have been played before something about it can be decided.
struct Dependencies {
    let scenario: Scenario

    func of(_ form: Expectation.Form) -> Set<Int> {
        switch form {
        case .accepted(let calls, let from, let to), .never(_, let calls, let from, let to),
            .refused(let calls, _, _, let from, let to):
            ofSet(calls) + of(from) + of(to)
        case .count(.calls(let calls, _), _, _, _, _): ofSet(calls)
        case .count(.fact(let name), _, _, _, _): ofFact(name)
        case .window(let calls, let twin, let from, _, _): ofSet(calls) + twin.map(ofSet) + of(from)
        }
    }

    func of(_ form: Measure.Form) -> Set<Int> {
        switch form {
        case .window(let calls, let from): ofSet(calls) + of(from)
        case .count(let calls, _, let from, let to): ofSet(calls) + of(from) + of(to)
        case .fact(let name): ofFact(name)
        }
    }

    private func of(_ instant: Instant?) -> Set<Int> {
        guard let anchor = instant?.anchor else { return [] }
        if anchor.hasSuffix(".expiry") { return ofCredential(String(anchor.dropLast(7))) }
        return ofLabel(anchor)
    }

    private func ofSet(_ name: String) -> Set<Int> {
        ofLabel(name.hasSuffix(".twin") ? String(name.dropLast(5)) : name)
    }

    private func ofLabel(_ label: String) -> Set<Int> {
        // Several calls may make up one set.
        scenario.steps.indices.filter { scenario.steps[$0].verb.label == label }.reduce([]) { $0 + ofStep($1) }
    }

    private func ofStep(_ index: Int) -> Set<Int> {
        let own: Set<Int> = [index]
        switch scenario.steps[index].verb {
        case .call(_, let with, _, let connection, _, _, _, _):
            return with.reduce(own + connection.map(ofLabel)) { $0.union(ofCredential($1)) }
        case .probe(let probe): return own + ofCredential(probe.with) + probe.connection.map(ofLabel)
        case .connect(_, let with, _, _): return own + ofCredential(with)
        case .replay(_, let of, let what, _, _, _): return own + (what.isForTheIssuer ? ofCredential(of) : ofLabel(of))
        case .load(let label, let with, _, _, _): return own + ofCredential(with) + ofTraffic(label)
        default: return own
        }
    }

    /// Traffic is whole only when it was stopped.
    private func ofTraffic(_ label: String) -> Set<Int> {
        Set(
            scenario.steps.indices.filter {
                switch scenario.steps[$0].verb {
                case .stop(let load, _), .switch(let load, _, _, _): load == label
                default: false
                }
            })
    }

    private func ofCredential(_ name: String) -> Set<Int> {
        Set(
            scenario.steps.indices.filter {
                if case .issue(let credential, _, _, _, _) = scenario.steps[$0].verb { credential == name } else { false }
            })
    }

    /// A credential's facts need the credential, a step's the step; others are found out when the story is over.
    private func ofFact(_ name: String) -> Set<Int> {
        let owner = String(name.prefix { $0 != "." })
        let step = ofLabel(owner)
        if !step.isEmpty { return step }
        let credential = ofCredential(owner)
        return credential.isEmpty || name.hasSuffix("-requests") ? Set(scenario.steps.indices) : credential
    }
}

extension Set<Int> {
    fileprivate static func + (a: Set, b: Set?) -> Set { b.map(a.union) ?? a }
}
