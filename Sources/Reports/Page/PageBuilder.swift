import Judge
import Scenarios
import Trace

/// Arranges results, trace and catalogue for the page.
struct PageBuilder {
    let input: ReportInput
    /// Every cell of the trace; empty without one.
    let evidence: [String: CellEvidence]
    /// The cells of a scheme, in the results' order.
    private let cells: [String: [CellResult]]
    /// Where a measure of a scheme stands among all of the run: there are hundreds, and each is named twice.
    private let places: [String: Int]

    init(_ input: ReportInput) {
        self.input = input
        // A trace that cannot be read leaves the results, which say more than nothing.
        evidence = input.trace.flatMap { try? CellEvidence.all(in: $0) } ?? [:]
        cells = Dictionary(grouping: input.results.cells, by: \.scheme)
        let names = input.results.cells.flatMap { cell in cell.measures.map { "\($0.name) \(cell.scheme)" } }
        places = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }

    var results: Results { input.results }
    var catalogue: Catalogue { input.catalogue }

    /// Everything but the checks one by one, which depend on how much room there is.
    func model(pictures: Bool) -> PageModel {
        let table = table
        return PageModel(
            started: results.run.startedAt, summary: summary, alarm: alarm, counts: counts, coverage: coverage, facts: facts,
            schemes: cards, legend: Standing.allCases.map { PageModel.Key(cls: $0.rawValue, mark: $0.mark, words: $0.words) },
            table: table, claims: claims, claimsNote: claimsNote, plots: plots,
            axesHTML: pictures && !evidence.isEmpty ? WindowPicture.axes : "",
            scenarios: scenarioParts(pictures: pictures), families: [], bed: bedFacts, sentinels: sentinels,
            style: PageStyle.css(schemes: table?.columns.map(\.scheme) ?? []))
    }

    /// As the trace has it, or else the project's file.
    func scenario(of cell: CellResult) -> Scenario? { evidence[cell.id]?.scenario ?? catalogue.scenario(cell.scenario) }

    func scheme(_ id: String) -> Scheme? { evidence.values.first { $0.scheme.id == id }?.scheme ?? catalogue.scheme(id) }

    /// The cell in which a check is decided in a scheme, and what came of it.
    func decided(_ check: String, _ scheme: String) -> (cell: CellResult, check: CheckResult)? {
        for cell in cells[scheme] ?? [] {
            if let found = cell.checks.first(where: { $0.check == check }) { return (cell, found) }
        }
        return nil
    }

    func measured(_ name: String, _ scheme: String) -> (cell: CellResult, measure: MeasureResult)? {
        for cell in cells[scheme] ?? [] {
            if let found = cell.measures.first(where: { $0.name == name }) { return (cell, found) }
        }
        return nil
    }

    func anchor(measure: String, _ scheme: String) -> String { "m\(places["\(measure) \(scheme)"] ?? 0)" }
    static func anchor(check: String, _ scheme: String) -> String { HTMLText.anchor("v", check, scheme) }
    static func anchor(check: String) -> String { HTMLText.anchor("k", check) }
    static func family(_ check: String) -> String { String(check.prefix { $0 != "." }) }

    /// Plays it again; a subject or an older era that was asked for is asked for again.
    func command(_ scenario: String, _ scheme: String) -> String {
        var words = ["authbed run", scenario, "--scheme", scheme]
        var line = results.run.commandLine[...]
        while let word = line.popFirst() {
            if ["--era", "--subject"].contains(word), let value = line.popFirst() { words += [word, value] }
        }
        return words.map(ShownText.safe).joined(separator: " ")
    }

    private var alarm: [String] {
        var lines: [String] = []
        if let incomplete = results.incomplete { lines.append("This run is not whole: \(incomplete).") }
        let faults = results.cells.filter { $0.fault != nil }
        if !faults.isEmpty {
            lines.append(
                "\(Words.count(faults.count, "cell")) could not be played to the end: \(faults.map(\.id).joined(separator: ", ")).")
        }
        let failed = results.cells.flatMap(\.checks).filter { $0.verdict == .fail }
        if !failed.isEmpty {
            let names = Set(failed.map(\.check)).sorted()
            lines.append("\(Words.count(failed.count, "required rule")) broken: \(names.joined(separator: ", ")).")
        }
        return lines
    }

    private var counts: [PageModel.Count] {
        Verdict.allCases.compactMap { verdict in
            results.counts[verdict].map {
                PageModel.Count(cls: verdict.rawValue, number: $0, word: Self.words(verdict))
            }
        }
    }

    /// A verdict for whoever has not met it before.
    private static func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .pass: "pass"
        case .fail: "fail: required, and broken"
        case .warn: "warn: recommended, and broken"
        case .recorded: "recorded: required by nobody"
        case .inconclusive: "inconclusive: too little was seen"
        case .notApplicable: "not applicable"
        case .error: "error: the bed’s own fault"
        }
    }

    private var coverage: String {
        let coverage = results.coverage
        return "\(coverage.judged) of \(Words.count(coverage.applicable, "applicable check")) judged"
    }

    private var summary: String {
        let schemes = Set(results.cells.map(\.scheme)).count, scenarios = Set(results.cells.map(\.scenario)).count
        let calls = results.cells.reduce(0) { $0 + $1.calls }
        return "\(Words.count(scenarios, "scenario")) played in \(Words.count(schemes, "scheme")) against real processes: "
            + "\(Words.count(calls, "call")), each refusal beside an accepted twin."
    }

    /// RFC 3339 as people write it: `2026-11-27 16:50 UTC`. Anything else stays as it is.
    private func moment(_ text: String) -> String {
        guard let match = text.wholeMatch(of: /(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ/) else { return text }
        return "\(match.1) \(match.2) UTC"
    }

    private var facts: [PageModel.Fact] {
        let run = results.run
        var facts = [
            ("Started", moment(run.startedAt)), ("Took", Words.duration(results.seconds)), ("MCP", run.era), ("Machine", run.machine),
            ("authbed", run.authbed),
        ]
        facts += run.subjects.keys.sorted().map { ($0.prefix(1).uppercased() + $0.dropFirst(), run.subjects[$0] ?? "") }
        return facts.map { PageModel.Fact(name: $0.0, valueHTML: HTMLText.escape(ShownText.safe($0.1))) }
    }
}
