import Foundation
import Scenarios
import Trace

/// Decides a case whose many calls were timed.
struct TimingRule {
    let cell: CellTrace

    /// What was measured is worth recording even where it decides nothing: noise is no fault of anybody's.
    func rule(_ item: Battery.Case) -> Ruling {
        guard let (n, fact) = cell.facts["\(item.check).timing"], let text = fact.text,
            let samples = try? JSONDecoder().decode(TimingSamples.self, from: Data(text.utf8)), let verdict = TimingVerdict(samples)
        else { return .inconclusive("too few answers were timed") }
        switch verdict.finding {
        case .leaksPerCharacter, .leaksFirstCharacter: return .broken(verdict.words, [n])
        case .nothingAbove: return .held(verdict.words, [n])
        case .undecided: return .undecided(verdict.words, [n])
        }
    }
}
