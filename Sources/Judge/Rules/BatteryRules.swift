import Scenarios
import Trace

/// Decides a battery's cases: the baseline is accepted before and after the bent call, which is refused.
struct BatteryRules {
    let cell: CellTrace

    func rule(_ item: Battery.Case, index: Int) -> Ruling {
        if let gap = StoryRules(cell: cell).gap([index]) { return gap }
        let bent = cell.set(item.check), controls = cell.set("\(item.check).twin")
        guard !bent.isEmpty else { return .inconclusive("no call of '\(item.check)' was made") }
        let byServer = if case .serverCertificate = item.bend { false } else { true }
        return RefusalRule(scheme: cell.scheme, because: item.because, byServer: byServer).rule(bent) {
            guard let first = bent.first, let last = bent.last else { return nil }
            guard controls.contains(where: { $0.accepted && $0.call.end <= first.call.begin }) else {
                return "the baseline was not accepted before, so the refusal proves nothing"
            }
            guard controls.contains(where: { $0.accepted && $0.call.begin >= last.call.end }) else {
                return "the baseline was not accepted afterwards: perhaps nobody was"
            }
            return nil
        }
    }
}
