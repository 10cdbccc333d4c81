import Foundation
package import Trace

/// Whether the time of an answer tells how much of a secret was right.
///
/// Only a time that grows with every right character lets a secret be guessed piece by piece; one that differs at the first
/// gives one character away. No single great score decides: what is called great is learnt, in the same session, from classes
/// between which there is nothing, and it must be seen again on other connections.
package struct TimingVerdict: Sendable, Hashable {
    package enum Finding: Sendable, Hashable {
        case leaksPerCharacter, leaksFirstCharacter
        /// Nothing that would be above the target.
        case nothingAbove(Double)
        /// The noise is greater than what is looked for; so many blocks would be needed.
        case undecided(blocks: Int)
    }

    package var finding: Finding
    /// Nanoseconds a right character, over all repeats, and how far it may be off.
    package var slope: Double
    package var margin: Double
    /// The smallest slope that would have been found.
    package var smallest: Double

    /// Nanoseconds a character, below which nothing can be done with a leak; of a server in a language that is compiled.
    package static let target = 2.0
    /// What a leak comes to over the whole secret, at least, to be one.
    private static let leastSum = 10.0
    /// How many of five repeats must agree.
    private static let agreeing = 4.0 / 5

    /// - Returns: Nil where there is too little to say anything.
    package init?(_ samples: TimingSamples) {
        let repeats = samples.repeats.compactMap { TimingStatistics($0, classes: samples.classes) }
        guard repeats.count > 1, repeats.count == samples.repeats.count else { return nil }
        let noise = repeats.flatMap(\.nothing).map { abs($0.score) }.max() ?? 0
        let great = max(4.5, 1.5 * noise)
        let count = Double(repeats.count)
        slope = repeats.reduce(0) { $0 + $1.slope.mean } / count
        let error = repeats.reduce(0) { $0 + $1.slope.error * $1.slope.error }.squareRoot() / count
        margin = great * error
        smallest = (great + 0.84) * error
        func agree(_ figure: KeyPath<TimingStatistics, TimingStatistics.Figure>) -> Bool {
            Double(repeats.count { $0[keyPath: figure].score > great }) >= Self.agreeing * count
        }
        if agree(\.slope), slope * Double(samples.length) > Self.leastSum {
            finding = .leaksPerCharacter
        } else if agree(\.step) {
            finding = .leaksFirstCharacter
        } else if repeats.allSatisfy({ $0.slope.mean + great * $0.slope.error < Self.target }) {
            finding = .nothingAbove(Self.target)
        } else {
            let deviation = repeats.map(\.slope.deviation).max() ?? 0
            let ratio = (great + 0.84) * deviation / Self.target
            finding = .undecided(blocks: Int(min(2 * ratio * ratio, 1e12).rounded(.up)))
        }
    }

    /// In one sentence, with the figures.
    package var words: String {
        let figures =
            "\(Self.number(slope)) ± \(Self.number(margin)) ns a character; from \(Self.number(smallest)) ns on it would have shown"
        switch finding {
        case .leaksPerCharacter: return "the time grows with every right character: \(figures)"
        case .leaksFirstCharacter: return "the time differs at the first right character: \(figures)"
        case .nothingAbove(let target): return "no leak above \(Self.number(target)) ns a character: \(figures)"
        case .undecided(let blocks): return "too noisy to say at this length, which would take \(blocks) blocks: \(figures)"
        }
    }

    private static func number(_ value: Double) -> String { String(format: abs(value) < 10 ? "%.2f" : "%.0f", value) }
}
