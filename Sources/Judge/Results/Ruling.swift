import Scenarios

/// What a rule says of a check, before its level turns that into a verdict.
package struct Ruling: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case held, broken, undecided, inconclusive, notApplicable, error }

    package var kind: Kind
    package var why: String
    package var evidence: [Int]
    package var weak = false
    /// The outcome in two words for a table: `refused (HTTP 403, name)`.
    package var seen: String?
    /// A battery's case looked at from four sides.
    package var facets: [Facet]?

    /// Enough events to show it; a report has no use for ten thousand.
    static let evidenceLimit = 8

    package static func held(_ why: String, _ evidence: [Int] = [], weak: Bool = false) -> Ruling {
        Ruling(kind: .held, why: why, evidence: Array(evidence.prefix(evidenceLimit)), weak: weak)
    }

    static func broken(_ why: String, _ evidence: [Int] = []) -> Ruling {
        Ruling(kind: .broken, why: why, evidence: Array(evidence.prefix(evidenceLimit)))
    }

    package func seeing(_ words: String) -> Ruling {
        var ruling = self
        ruling.seen = words
        return ruling
    }

    static func inconclusive(_ why: String, _ evidence: [Int] = []) -> Ruling {
        Ruling(kind: .inconclusive, why: why, evidence: Array(evidence.prefix(evidenceLimit)))
    }

    /// It was looked at as it should be, and what was seen is recorded; the answer would take more of the same.
    static func undecided(_ why: String, _ evidence: [Int] = []) -> Ruling {
        Ruling(kind: .undecided, why: why, evidence: Array(evidence.prefix(evidenceLimit)))
    }

    static func notApplicable(_ why: String) -> Ruling { Ruling(kind: .notApplicable, why: why, evidence: []) }

    static func error(_ why: String) -> Ruling { Ruling(kind: .error, why: why, evidence: []) }

    var held: Bool? {
        switch kind {
        case .held: true
        case .broken: false
        case .undecided, .inconclusive, .notApplicable, .error: nil
        }
    }

    func verdict(at level: Requirement.Level) -> Verdict {
        switch (kind, level) {
        case (.held, .must), (.held, .should): .pass
        case (.broken, .must): .fail
        case (.broken, .should): .warn
        case (.held, .article), (.broken, .article), (.undecided, .article): .recorded
        case (.undecided, _), (.inconclusive, _): .inconclusive
        case (.notApplicable, _): .notApplicable
        case (.error, _): .error
        }
    }
}
