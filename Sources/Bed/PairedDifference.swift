import Foundation

/// By how much two ways of measuring differ, beside by how much each differs from itself, where each stood in twice in every round.
package struct PairedDifference: Sendable, Hashable {
    package enum Verdict: Sendable, Hashable {
        /// They differ by no more than one does from itself.
        case agree
        case differ
        /// One differs from itself by so much that nothing can be said.
        case tooNoisy
    }

    /// The first in parts of the second: the middle one of the rounds.
    package let ratio: Double
    /// Nine in ten pairs of the same within a round differ by no more than that: 0.08 for 8 %, up or down.
    package let noise: Double

    /// Where one measures something else by a quarter when it measures it again, an agreement would say nothing.
    package static let mostNoise = 0.25

    /// - Parameters: The figures of the first and of the second, each with its second turns, one a round.
    /// - Returns: Nil when there is no round, or a figure that is not above 0.
    package init?(_ one: ([Double], [Double]), _ other: ([Double], [Double])) {
        let all = [one.0, one.1, other.0, other.1]
        guard let rounds = all.map(\.count).min(), rounds > 0, all.joined().allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let ratios = (0..<rounds).map { (one.0[$0] + one.1[$0]) / (other.0[$0] + other.1[$0]) }.sorted()
        let same = [one, other].flatMap { pair in (0..<rounds).map { abs(log(pair.0[$0] / pair.1[$0])) } }.sorted()
        ratio = rounds.isMultiple(of: 2) ? (ratios[rounds / 2 - 1] * ratios[rounds / 2]).squareRoot() : ratios[rounds / 2]
        noise = exp(same[min(same.count - 1, same.count * 9 / 10)]) - 1
    }

    package var verdict: Verdict {
        guard noise <= Self.mostNoise else { return .tooNoisy }
        return abs(log(ratio)) <= log(1 + noise) ? .agree : .differ
    }
}
