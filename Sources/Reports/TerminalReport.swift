package import Judge
import Trace

/// The results as a page for a terminal: counts, a block for each scenario, and the comparison table.
package struct TerminalReport: Sendable {
    package var width: Int
    package var colour: Bool
    /// Whether checks that passed are listed one by one, too.
    package var verbose: Bool

    /// - Parameter colour: false where `NO_COLOR` is set or the output is no terminal.
    package init(width: Int = 100, colour: Bool = false, verbose: Bool = false) {
        self.width = max(width, 40)
        self.colour = colour
        self.verbose = verbose
    }

    package func text(_ results: Results) -> String {
        var blocks = [head(results)]
        var scenarios: [String] = []
        for cell in results.cells where !scenarios.contains(cell.scenario) { scenarios.append(cell.scenario) }
        blocks += scenarios.map { scenario in block(results.cells.filter { $0.scenario == scenario }) }
        if let table = results.table { blocks.append(TerminalTable(width: width, colour: colour).text(table)) }
        blocks.append(counts(results))
        if let baseline = results.baseline { blocks.append(self.baseline(baseline)) }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private var style: Style { Style(colour: colour) }

    private func head(_ results: Results) -> String {
        let run = results.run
        var lines = [
            style.bold("authbed \(run.authbed)") + style.dim("  era \(run.era)  \(run.startedAt)  \(Words.duration(results.seconds))")
        ]
        for role in run.subjects.keys.sorted() { lines.append(style.dim("\(role): \(Text.clean(run.subjects[role] ?? ""))")) }
        if let absent = run.notOffered, !absent.isEmpty { lines.append(style.dim("not offered: \(absent.joined(separator: ", "))")) }
        if let profile = run.profile { lines.append(style.dim("profile: \(profile), as frozen for \(run.era)")) }
        if let incomplete = results.incomplete { lines.append(style.verdict(.error, "! \(incomplete)")) }
        return lines.joined(separator: "\n")
    }

    /// `2310 requests, 412 processes, 28 s`
    private static func took(_ results: Results) -> String? {
        guard let requests = results.requests, let processes = results.processes else { return nil }
        let parts = [
            Words.count(requests, "request"), Words.number(Double(processes)) + (processes == 1 ? " process" : " processes"),
            Words.duration(results.seconds),
        ]
        return parts.joined(separator: ", ")
    }

    /// `41 pass  2 fail  …  43 of 45 judged`
    package func counts(_ results: Results) -> String {
        let counts = results.counts
        let parts = Verdict.allCases.compactMap { verdict in
            counts[verdict].map { style.verdict(verdict, "\(verdict.mark) \($0) \(verdict.rawValue)") }
        }
        let coverage = results.coverage
        let judged = "\(coverage.judged) of \(Words.count(coverage.applicable, "applicable check")) judged"
        return (parts + [judged] + [Self.took(results)].compactMap { $0 }).joined(separator: "  ")
    }

    private func baseline(_ baseline: BaselineResult) -> String {
        var lines = [
            "baseline: \(baseline.known) as known, \(baseline.stale.count) not so any more, \(baseline.unused.count) about nothing that was decided"
        ]
        lines += baseline.stale.map {
            style.verdict(.fail, "  \($0.check)") + "  in \($0.scheme): \($0.verdict.rawValue), known as \($0.wanted)"
        }
        lines += baseline.unused.map { style.verdict(.fail, "  \($0)") + "  was not decided" }
        return lines.joined(separator: "\n")
    }

    /// A line for each finding that was not known, and for each known one that is none any more.
    package func news(_ results: Results) -> [String] {
        var lines: [String] = []
        for cell in results.cells {
            if let fault = cell.fault { lines.append("\(cell.id)  " + style.verdict(.error, "! \(Text.clean(fault.message))")) }
            for check in cell.checks where check.known == nil && [.fail, .inconclusive, .error].contains(check.verdict) {
                lines.append(
                    style.verdict(check.verdict, "\(check.verdict.mark) \(check.check)") + "  in \(cell.scheme): \(Text.clean(check.why))")
            }
        }
        if let baseline = results.baseline, !baseline.stale.isEmpty || !baseline.unused.isEmpty {
            lines += self.baseline(baseline).split(separator: "\n").map(String.init)
        }
        return lines
    }

    private func block(_ cells: [CellResult]) -> String {
        guard let first = cells.first else { return "" }
        var lines = [style.bold(first.scenario) + style.dim("  \(Text.clean(first.title))")]
        let column = (cells.map(\.scheme.count).max() ?? 0) + 2
        for cell in cells {
            lines.append("  " + Text.pad(cell.scheme, column) + summary(cell))
            lines += details(cell)
        }
        return lines.joined(separator: "\n")
    }

    private func summary(_ cell: CellResult) -> String {
        let counts = Dictionary(grouping: cell.checks, by: \.verdict).mapValues(\.count)
        var parts = Verdict.allCases.compactMap { verdict in
            counts[verdict].map { style.verdict(verdict, "\(verdict.mark) \($0) \(verdict.rawValue)") }
        }
        let weak = cell.checks.count { $0.weak }
        if weak > 0 { parts.append(style.dim("(\(weak) without a reason seen)")) }
        parts.append(style.dim("\(Words.count(cell.calls, "call")), \(Words.duration(cell.seconds))"))
        return parts.joined(separator: "  ")
    }

    private func details(_ cell: CellResult) -> [String] {
        var lines: [String] = []
        if let fault = cell.fault {
            lines.append("    " + style.verdict(.error, "! ") + Text.hanging(Text.clean(fault.message), width, indent: 6))
            lines += fault.lastLines.suffix(5).map { "      " + style.dim(String(Text.clean($0).prefix(width - 6))) }
        }
        for check in cell.checks where verbose || ![.pass, .notApplicable].contains(check.verdict) {
            lines.append(
                "    " + style.verdict(check.verdict, "\(check.verdict.mark) \(check.check)") + "  " + style.dim(check.verdict.rawValue))
            if let known = check.known { lines.append("      " + Text.hanging("known: " + Text.clean(known), width, indent: 6)) }
            let events = check.evidence.isEmpty ? "" : " [events \(check.evidence.map(String.init).joined(separator: ", "))]"
            lines.append("      " + Text.hanging(Text.clean(check.why) + events, width, indent: 6))
        }
        for measure in cell.measures where measure.hasValue { lines.append("    \(style.dim(measure.name))  \(measure.words)") }
        return lines
    }
}
