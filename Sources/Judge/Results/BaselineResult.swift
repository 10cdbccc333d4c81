package import Scenarios
import Trace

/// What became of a subject's known failures.
package struct BaselineResult: Sendable, Codable, Hashable {
    package struct Stale: Sendable, Codable, Hashable {
        package var check: String
        package var scheme: String
        package var wanted: String
        package var verdict: Verdict
    }

    /// How many verdicts were as the baseline says.
    package var known = 0
    /// Those that are not so any more, for better or worse.
    package var stale: [Stale] = []
    /// Entries about which nothing was decided.
    package var unused: [String] = []
}

extension Results {
    /// Marks what was known, and finds what is not so any more.
    ///
    /// - Parameter isWhole: Whether everything was played that the baseline may be about, so that an entry without a verdict is of
    ///   no use.
    package mutating func hold(against baseline: [KnownFailure], isWhole: Bool) {
        guard !baseline.isEmpty else { return }
        var result = BaselineResult()
        for entry in baseline where entry.eras?.contains(run.era) ?? true {
            var isUsed = false
            for cell in cells.indices {
                for index in cells[cell].checks.indices
                where entry.covers(
                    check: cells[cell].checks[index].check, scheme: cells[cell].scheme, era: run.era,
                    barred: cells[cell].notOffered.contains { $0.verb == NotOffered.firstContact })
                {
                    let check = cells[cell].checks[index]
                    if check.verdict == .notApplicable || check.verdict == .error { continue }
                    isUsed = true
                    if check.verdict.rawValue == entry.verdict {
                        cells[cell].checks[index].known = entry.why
                        result.known += 1
                    } else if !entry.sometimes || check.verdict != .pass {
                        result.stale.append(
                            BaselineResult.Stale(
                                check: check.check, scheme: cells[cell].scheme, wanted: entry.verdict, verdict: check.verdict))
                    }
                }
            }
            if !isUsed, isWhole { result.unused.append(entry.check) }
        }
        self.baseline = result
    }
}
