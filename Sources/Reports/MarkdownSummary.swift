package import Judge
import Trace

/// The results for a pull request's comment or a job's summary: counts, what is not right, the table.
package enum MarkdownSummary {
    /// Findings beyond these are in the report.
    private static let most = 40

    package static func text(_ results: Results) -> String {
        let coverage = results.coverage
        let counts = results.counts
        let parts = Verdict.allCases.compactMap { verdict in counts[verdict].map { "\(verdict.mark) \($0) \(verdict.rawValue)" } }
        var lines = [
            "## Authbed", "", parts.joined(separator: " · ") + " · \(coverage.judged) of \(coverage.applicable) applicable checks judged",
            "",
        ]
        if let incomplete = results.incomplete { lines += ["**This run is not whole: \(MarkdownTable.escape(incomplete))**", ""] }
        lines += findings(results)
        if let table = results.table?.reduced(to: Set(results.cells.map(\.scheme))), !table.rows.isEmpty {
            lines += ["<details><summary>What was measured</summary>", "", MarkdownTable.text(table), "</details>", ""]
        }
        let run = results.run
        let subjects = run.subjects.keys.sorted().map { "\($0): \(MarkdownTable.escape(run.subjects[$0] ?? ""))" }
        lines.append(
            ([
                "authbed \(run.authbed)", "MCP \(run.era)", run.startedAt, Words.duration(results.seconds),
                MarkdownTable.escape(run.machine),
            ] + subjects)
            .joined(separator: ", "))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func findings(_ results: Results) -> [String] {
        let faults = results.cells.compactMap { cell in cell.fault.map { ("! error", "the cell was played", cell.id, $0.message) } }
        let checks = results.cells.flatMap { cell in
            cell.checks.filter { ![.pass, .recorded, .notApplicable].contains($0.verdict) }
                .map { ("\($0.verdict.mark) \($0.verdict.rawValue)", "`\($0.check)`", cell.id, ShownText.safe($0.why)) }
        }
        let all = faults + checks
        guard !all.isEmpty else { return [] }
        var lines = ["| | check | where | why |", "|---|---|---|---|"]
        for (mark, check, place, why) in all.prefix(most) {
            lines.append("| " + [mark, check, place, why].map(MarkdownTable.escape).joined(separator: " | ") + " |")
        }
        if all.count > most { lines.append("\n… and \(all.count - most) more") }
        return lines + [""]
    }
}
