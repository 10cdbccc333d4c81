package import Scenarios
package import Trace

/// What a run showed: `results.json`.
package struct Results: Sendable, Codable, Hashable {
    /// The version of this document; a reader refuses others.
    package static let currentSchema = 1

    package var schema: Int
    package var run: RunStarted
    /// Why the run is not whole: interrupted, or a trace cut short.
    package var incomplete: String?
    /// From the first event to the last, in seconds.
    package var seconds: Double
    /// Requests that the bed sent and processes that it started; nil for a run that was cut short.
    package var requests: Int?
    package var processes: Int?
    package var cells: [CellResult]
    package var table: ComparisonTable?
    /// What became of the subject's known failures; nil where it has none.
    package var baseline: BaselineResult?

    package init(run: RunStarted, incomplete: String?, seconds: Double, cells: [CellResult], table: ComparisonTable?) {
        schema = Self.currentSchema
        self.run = run
        self.incomplete = incomplete
        self.seconds = seconds
        self.cells = cells
        self.table = table
    }

    /// How many checks read so.
    package var counts: [Verdict: Int] {
        cells.flatMap(\.checks).reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    }

    /// Judged checks and applicable ones: a score means little without it.
    package var coverage: (judged: Int, applicable: Int) {
        let checks = cells.flatMap(\.checks)
        return (checks.count { $0.verdict.isJudged }, checks.count { $0.verdict != .notApplicable })
    }

    /// Whether anything was found that a script should stop at.
    package var hasFindings: Bool {
        incomplete != nil || cells.contains { $0.fault != nil }
            || cells.contains { $0.checks.contains { $0.known == nil && [.fail, .inconclusive, .error].contains($0.verdict) } }
            || baseline.map { !$0.stale.isEmpty || !$0.unused.isEmpty } ?? false
    }
}

/// How a check came out.
package enum Verdict: String, Sendable, Codable, Hashable, CaseIterable {
    case pass
    /// A MUST is broken.
    case fail
    /// A SHOULD is broken.
    case warn
    /// What the article says was looked at; `held` tells how it came out.
    case recorded
    /// The control failed, or too little was seen.
    case inconclusive
    case notApplicable = "not-applicable"
    /// The bed's own fault.
    case error

    /// Whether the check was decided.
    package var isJudged: Bool { [.pass, .fail, .warn, .recorded].contains(self) }
}

/// One scenario in one scheme.
package struct CellResult: Sendable, Codable, Hashable {
    /// `SCENARIO@SCHEME`.
    package var id: String
    package var scenario: String
    package var scheme: String
    package var title: String
    /// False when the cell was cut short.
    package var complete: Bool
    /// The bed's fault, or the subject's that did not start, died or hung.
    package var fault: BedFault?
    package var seconds: Double
    package var calls: Int
    package var checks: [CheckResult]
    package var measures: [MeasureResult]
    package var notOffered: [NotOffered]
    /// The `say` sentences of the steps that were played.
    package var narration: [String]

    package init(id: String, scenario: String, scheme: String, title: String) {
        self.id = id
        self.scenario = scenario
        self.scheme = scheme
        self.title = title
        complete = false
        seconds = 0
        calls = 0
        checks = []
        measures = []
        notOffered = []
        narration = []
    }
}

/// One check in one cell.
package struct CheckResult: Sendable, Codable, Hashable {
    package var check: String
    package var level: Requirement.Level
    package var verdict: Verdict
    /// Whether the rule held; nil when that is not known.
    package var held: Bool?
    /// The reason in plain words.
    package var why: String
    /// True for a pass whose reason was not seen, or not everywhere: refused, but perhaps for something else.
    package var weak: Bool
    /// The outcome in two words for a table: `refused (HTTP 403, name)`.
    package var seen: String?
    /// The numbers of the events that show it.
    package var evidence: [Int]
    package var bites: [String]
    /// A battery's case looked at from four sides; nil for a story's check.
    package var facets: [Facet]?
    /// What the subject's baseline says of it, where it says that it comes out so.
    package var known: String?

    package init(check: String, level: Requirement.Level, ruling: Ruling, bites: [String]) {
        self.check = check
        self.level = level
        self.bites = bites
        verdict = ruling.verdict(at: level)
        held = ruling.held
        why = ruling.why
        weak = ruling.weak
        seen = ruling.seen
        evidence = ruling.evidence
        facets = ruling.facets
    }

    /// Whether the rule held, in a word for a table.
    package var answer: String { held.map { $0 ? "yes" : "no" } ?? verdict.rawValue }
}
