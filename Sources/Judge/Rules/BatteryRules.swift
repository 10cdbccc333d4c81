import Scenarios
import Trace

/// Decides a battery's cases: the baseline is accepted before and after, and each bent call comes to what it should.
struct BatteryRules {
    let cell: CellTrace

    func rule(_ item: Battery.Case, index: Int) -> Ruling {
        if let absence = cell.absence(of: item.check) { return absence }
        if let gap = StoryRules(cell: cell).gap([index]) { return gap }
        let bent = cell.set(item.check)
        guard !bent.isEmpty else {
            return .inconclusive(refusedControl(item) ?? "no call of '\(item.check)' was made")
        }
        if item.isTimed { return missingControl(item, bent).map { .inconclusive($0, bent.map(\.n)) } ?? TimingRule(cell: cell).rule(item) }
        let facets = Facets(cell: cell, item: item, bent: bent, step: cell.steps[index]).all
        var ruling = ruling(item, bent, facets)
        if !item.bendsAPeer { ruling.facets = facets.map(\.facet) }
        return ruling
    }

    private func ruling(_ item: Battery.Case, _ bent: [TimedCall], _ facets: [Facets.Finding]) -> Ruling {
        // A server that died, or did what it should not have, is caught in the act, whatever its controls say.
        for finding in facets where finding.facet.held == false && [.security, .availability].contains(finding.facet.side) {
            let ruling = Ruling.broken(finding.facet.why ?? "broken", finding.evidence)
            return finding.facet.side == .security ? ruling.seeing("accepted") : ruling
        }
        let silent = bent.filter(\.isSilent)
        if !silent.isEmpty { return StoryRules.droppedCalls(silent, bent) }
        if let missing = missingControl(item, bent) { return .inconclusive(missing, bent.map(\.n)) }
        for finding in facets where finding.facet.held == false {
            return .broken(finding.facet.why ?? "broken", finding.evidence)
        }
        if let name = item.atMost.keys.sorted().first(where: { cell.facts["\(item.check).\($0)"] == nil }) {
            return .inconclusive("the bed did not find out '\(name)'", bent.map(\.n))
        }
        switch item.expects {
        case .refused:
            return RefusalRule(
                scheme: cell.scheme, because: item.because, byServer: !item.bendsAPeer, statuses: item.statuses, mayCut: item.mayCut
            ).rule(bent) { nil }
        case .accepted:
            // A client's word, or a connection that was cut, has no status that a facet could look at.
            let others = bent.filter { !$0.accepted }
            if let first = others.first {
                let what = first.call.bent.map { ": \($0)" } ?? ""
                return .broken(
                    "\(others.count) of \(Words.count(bent.count, "call")) not accepted (\(StoryRules.face(first)))\(what), wanted accepted",
                    others.map(\.n))
            }
            return .held("\(Words.count(bent.count, "call")) accepted", bent.map(\.n)).seeing("accepted")
        case .answered:
            let refused = bent.count(where: \.refused)
            return .held("\(Words.count(bent.count, "call")) answered, \(refused) of them by refusals; the twin was welcome", bent.map(\.n))
        }
    }

    private func missingControl(_ item: Battery.Case, _ bent: [TimedCall]) -> String? {
        let controls = cell.set("\(item.check).twin")
        guard let first = bent.first, let last = bent.last else { return nil }
        guard controls.contains(where: { $0.accepted && $0.call.end <= first.call.begin }) else {
            let face =
                controls.first.map { " (\(([StoryRules.face($0)] + [$0.call.error].compactMap(\.self)).joined(separator: ", ")))" } ?? ""
            return "the baseline was not accepted before\(face), so the refusal proves nothing"
        }
        guard controls.contains(where: { $0.accepted && $0.call.begin >= last.call.end }) else {
            return "the baseline was not accepted afterwards: perhaps nobody was"
        }
        return refusedControl(item)
    }

    /// What somebody else than the baseline had to do before a bent call could show anything, and was refused.
    private func refusedControl(_ item: Battery.Case) -> String? {
        let controls = cell.set("\(item.check).twin")
        return controls.first { !$0.accepted && $0.call.credential != controls[0].call.credential }.map {
            "\($0.call.tool) by \($0.call.credential) was not accepted (\(StoryRules.face($0))), so there was nothing to ask for"
        }
    }
}
