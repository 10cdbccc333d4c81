import Scenarios
import Trace

/// Takes a story's measures from its cell's trace.
struct Measuring {
    let cell: CellTrace

    func take(_ measure: Measure) -> MeasureResult {
        if let gap = StoryRules(cell: cell).gap(Dependencies(scenario: cell.scenario).of(measure.form)) {
            let value: MeasureResult.Value = gap.kind == .notApplicable ? .notOffered(gap.why) : .missing(gap.why)
            return MeasureResult(name: measure.name, value: value, evidence: [])
        }
        let (value, evidence) = value(measure.form)
        return MeasureResult(name: measure.name, value: value, evidence: Array(evidence.prefix(Ruling.evidenceLimit)))
    }

    private func value(_ form: Measure.Form) -> (MeasureResult.Value, [Int]) {
        switch form {
        case .window(let calls, let from):
            switch WindowRule(cell: cell).bracket(calls, from) {
            case .success(let (bracket, evidence)): return (.window(bracket), evidence)
            case .failure(let gap): return (.missing(gap.why), [])
            }
        case .count(let name, let outcome, let from, let to):
            let all = cell.set(name)
            guard let calls = cell.within(all, from: from, to: to), !calls.isEmpty else {
                return (.missing("no call of '\(name)' was made"), [])
            }
            let counted = calls.filter { $0.call.outcome.rawValue == outcome }
            return (.count(counted.count, of: calls.count), counted.map(\.n))
        case .fact(let name):
            guard let (n, fact) = cell.facts[name] else {
                return (cell.absentChecks[name].map { .notOffered($0) } ?? .missing("the bed did not find out '\(name)'"), [])
            }
            return (.fact(fact.value, unit: fact.unit), [n])
        }
    }
}
