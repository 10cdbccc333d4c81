package import Judge
import Trace

/// Subjects by checks: what each came to, and a way to its evidence.
package struct Matrix: Sendable {
    package struct Column: Sendable {
        package var subject: String
        package var results: Results
        /// Where its report lies, seen from the matrix.
        package var report: String

        package init(subject: String, results: Results, report: String) {
            self.subject = subject
            self.results = results
            self.report = report
        }

        var role: String { results.run.role ?? "server" }
    }

    package let columns: [Column]

    package init(_ columns: [Column]) { self.columns = columns.sorted { $0.subject < $1.subject } }

    /// What became of each subject, as a table of Markdown.
    var overview: String {
        var lines = [
            "| subject | what it is | MCP | pass | fail | warn | inconclusive | error | not applicable | judged | known | seconds |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        for column in columns {
            lines.append("| " + ([column.subject] + summary(column)).map(MarkdownTable.escape).joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }

    package var markdown: String {
        var lines = [overview, "", "| check | " + columns.map { MarkdownTable.escape($0.subject) }.joined(separator: " | ") + " |"]
        lines.append("|---|" + columns.map { _ in "---|" }.joined())
        for check in checks {
            let cells = columns.map { column in
                verdict(check, column).map { "[\($0.mark) \($0.rawValue)](\(column.report)#\(PageBuilder.anchor(check: check)))" } ?? ""
            }
            lines.append("| `\(check)` | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One file without script, network or other files but the reports that its cells open.
    package var html: String {
        let heads = columns.map { "<th scope=\"col\">\(HTMLText.escape($0.subject))</th>" }.joined()
        let rows = checks.map { check in
            let cells = columns.map { column -> String in
                guard let verdict = verdict(check, column) else { return "<td></td>" }
                let target = "\(HTMLText.escape(column.report))#\(PageBuilder.anchor(check: check))"
                return "<td class=\"\(verdict.rawValue)\"><a href=\"\(target)\">\(verdict.mark) \(verdict.rawValue)</a></td>"
            }
            return "<tr><th scope=\"row\">\(HTMLText.escape(check))</th>\(cells.joined())</tr>"
        }
        let titles = ["what it is", "MCP", "pass", "fail", "warn", "inconclusive", "error", "not applicable", "judged", "known", "seconds"]
        let summaries = columns.map { column in
            "<tr><th scope=\"row\"><a href=\"\(HTMLText.escape(column.report))\">\(HTMLText.escape(column.subject))</a></th>"
                + summary(column).map { "<td>\(HTMLText.escape($0))</td>" }.joined() + "</tr>"
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Authbed: subjects by checks</title>
            <style>
            body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; color-scheme: light dark }
            table { border-collapse: collapse; margin-bottom: 2rem } th, td { border: 1px solid #8888; padding: .2rem .5rem; text-align: left }
            a { color: inherit } .fail { font-weight: bold } .not-applicable { opacity: .6 }
            </style></head><body>
            <h1>Subjects by checks</h1>
            <table><thead><tr><th scope="col">subject</th>\(titles.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead>
            <tbody>\(summaries.joined(separator: "\n"))</tbody></table>
            <table><thead><tr><th scope="col">check</th>\(heads)</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            </body></html>

            """
    }

    /// In a line of a terminal or a table: its counts, with the coverage beside them.
    package static func line(_ results: Results) -> String {
        let counts = results.counts
        let parts = Verdict.allCases.compactMap { verdict in counts[verdict].map { "\(verdict.mark) \($0) \(verdict.rawValue)" } }
        let coverage = results.coverage
        let known = results.baseline.map { ", \($0.known) known, \($0.stale.count + $0.unused.count) not so any more" } ?? ""
        return parts.joined(separator: "  ") + "; \(coverage.judged) of \(coverage.applicable) applicable checks judged\(known); "
            + Words.duration(results.seconds)
    }

    private func summary(_ column: Column) -> [String] {
        let (results, counts) = (column.results, column.results.counts)
        let number = { (verdict: Verdict) in "\(counts[verdict] ?? 0)" }
        let known = results.baseline.map { "\($0.known)" } ?? "–"
        return [results.run.subjects[column.role] ?? "", results.run.era]
            + [.pass, .fail, .warn, .inconclusive, .error, .notApplicable].map(number)
            + ["\(results.coverage.judged) of \(results.coverage.applicable)", known, "\(Int(results.seconds.rounded()))"]
    }

    /// Every check that is decided of any.
    var checks: [String] {
        Set(columns.flatMap { $0.results.cells.flatMap(\.checks).filter { $0.verdict != .notApplicable }.map(\.check) }).sorted()
    }

    /// The worst of all schemes: a pass in one is no excuse for a failure in another.
    func verdict(_ check: String, _ column: Column) -> Verdict? {
        let all = Set(column.results.cells.flatMap(\.checks).filter { $0.check == check }.map(\.verdict))
        return [.error, .fail, .inconclusive, .warn, .recorded, .pass, .notApplicable].first(where: all.contains)
    }
}
