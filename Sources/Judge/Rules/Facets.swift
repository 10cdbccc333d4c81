import Scenarios
import Trace

/// Looks at a case from four sides.
struct Facets {
    struct Finding {
        var facet: Facet
        var evidence: [Int]
    }

    let cell: CellTrace
    let item: Battery.Case
    let bent: [TimedCall]
    /// When the case was played.
    let step: StepEvent?

    var all: [Finding] { [availability, security, status, form] }

    private func held(_ side: Facet.Side) -> Finding { Finding(facet: Facet(side, held: true), evidence: []) }

    private func unknown(_ side: Facet.Side) -> Finding { Finding(facet: Facet(side, held: nil), evidence: []) }

    private func broken(_ side: Facet.Side, _ why: String, _ calls: [TimedCall]) -> Finding {
        Finding(facet: Facet(side, held: false, why: why), evidence: calls.map(\.n))
    }

    private var security: Finding {
        for (name, limit) in item.atMost.sorted(by: { $0.key < $1.key }) {
            guard let (n, fact) = cell.facts["\(item.check).\(name)"] else { return unknown(.security) }
            guard fact.value <= Double(limit) else {
                let why = "\(Words.number(fact.value)) \(name), wanted at most \(limit)"
                return Finding(facet: Facet(.security, held: false, why: why), evidence: [n])
            }
        }
        guard item.expects == .refused else { return held(.security) }
        let accepted = bent.filter(\.accepted)
        guard let first = accepted.first else { return bent.contains(where: \.refused) ? held(.security) : unknown(.security) }
        let how = first.call.face.map { " (\($0))" } ?? ""
        let what = bent.count > 1 ? first.call.bent.map { ": \($0)" } ?? "" : ""
        return broken(
            .security, "\(accepted.count) of \(Words.count(bent.count, "call")) accepted\(how)\(what), wanted refused", accepted)
    }

    private var status: Finding {
        let answered = bent.filter { $0.call.status != nil && !$0.isOutage }
        guard !item.bendsAPeer, !answered.isEmpty else { return unknown(.status) }
        let wrong = answered.filter { !isRight($0) }
        guard let first = wrong.first, let status = first.call.status else { return held(.status) }
        if item.expects == .accepted {
            return broken(
                .status, "\(wrong.count) of \(Words.count(bent.count, "call")) not accepted (\(words(first))), wanted accepted", wrong)
        }
        let wanted = item.expects == .answered ? "an error of the server" : "no refusal \(item.statuses == nil ? "in this scheme" : "here")"
        return broken(.status, "answered HTTP \(status), which is \(wanted)\(bent.count > 1 ? ": \(words(first))" : "")", wrong)
    }

    private func words(_ call: TimedCall) -> String { call.call.bent.map { "\(StoryRules.face(call)), \($0)" } ?? StoryRules.face(call) }

    private func isRight(_ call: TimedCall) -> Bool {
        guard let status = call.call.status else { return true }
        switch item.expects {
        case .accepted: return call.accepted
        case .answered: return status < 500
        case .refused:
            if call.accepted { return true }
            return RefusalRule(scheme: cell.scheme, because: item.because, statuses: item.statuses).allows(status)
        }
    }

    private var form: Finding {
        let bent = bent.filter { !$0.isOutage }
        if let call = bent.first(where: { $0.call.amiss != nil }), let amiss = call.call.amiss { return broken(.form, amiss, [call]) }
        for call in bent where !item.errors.isEmpty && call.refused && call.call.status != 429 {
            guard let error = call.call.error, item.errors.contains(error) else {
                let found = call.call.error ?? "no error code"
                let what = bent.count > 1 ? call.call.bent.map { ": \($0)" } ?? "" : ""
                return broken(.form, "answered \(found), wanted \(Words.either(item.errors))\(what)", [call])
            }
        }
        guard !item.form.isEmpty || !item.errors.isEmpty else { return unknown(.form) }
        for form in item.form {
            if form == .uniform {
                let prints = Set(bent.filter(\.refused).compactMap(\.call.fingerprint))
                if prints.count > 1 { return broken(.form, "\(prints.count) kinds of answers, wanted one", bent) }
                continue
            }
            if form == .throttled {
                guard let call = bent.first(where: { $0.call.status == 429 }) else {
                    return broken(.form, "no 429 after \(Words.count(bent.count, "call"))", bent)
                }
                if call.call.fields?["retry-after"] == nil { return broken(.form, "429 does not say when to come back", [call]) }
                continue
            }
            for call in bent {
                if let wrong = FormRule(form: form, isIssuers: item.asksAnIssuer).objection(to: call.call) {
                    return broken(.form, bent.count > 1 ? "\(wrong): \(call.call.bent ?? "")" : wrong, [call])
                }
            }
        }
        return held(.form)
    }

    private var availability: Finding {
        if let step, let death = cell.deaths.first(where: { (step.begin...step.end).contains($0.at) }) {
            let why = "the \(death.event.role) ended: \(death.event.status ?? "nobody knows how")"
            return Finding(facet: Facet(.availability, held: false, why: why), evidence: [death.n])
        }
        return bent.contains(where: \.isSilent) ? unknown(.availability) : held(.availability)
    }
}
