import Judge
import Trace

/// The matrix as a page to publish: what was judged, when and on what, what was not known before, and the verdicts by role.
package struct MatrixPage: Sendable {
    private let matrix: Matrix

    package init(_ matrix: Matrix) { self.matrix = matrix }

    package var markdown: String {
        let parts = ["# What became of implementations that are not ours", introduction, Self.commands, news, matrix.overview]
        return (parts + Self.roles.compactMap(section)).joined(separator: "\n\n") + "\n"
    }

    private static let roles = [("server", "Servers"), ("issuer", "Issuers"), ("client", "Clients")]

    private static let commands = """
        ```console
        $ authbed subjects install --all        # Debian's packages, and Python's into the folder of each
        $ authbed subjects run --all
        $ authbed matrix --page FILE            # this page; as results/subjects/matrix.html, each cell opens its evidence
        ```
        """

    private func columns(of role: String) -> [Matrix.Column] { matrix.columns.filter { $0.role == role } }

    private var introduction: String {
        let runs = matrix.columns.map(\.results)
        let counts = Self.roles.map { Words.count(columns(of: $0.0).count, $0.0) }.joined(separator: ", ")
        let days = Set(runs.map { String($0.run.startedAt.prefix(10)) }).sorted().joined(separator: ", ")
        let eras = Set(runs.map(\.run.era)).sorted().joined(separator: ", ")
        let machines = Set(runs.map(\.run.machine)).sorted().joined(separator: "; ")
        let known = runs.compactMap(\.baseline?.known).reduce(0, +)
        let faults = runs.reduce(0) { $0 + ($1.counts[.error] ?? 0) }
        return """
            \(Words.count(matrix.columns.count, "subject")) (\(counts)), judged on \(days) with MCP \(eras) on \(machines). They took \
            \(Words.duration(runs.reduce(0) { $0 + $1.seconds }.rounded())) added up. Known failures: \(known), each with its \
            sentence in `subjects/NAME/baseline.yaml`; faults of the bed's own: \(faults). What was found, and how to see it again, stands \
            in `subjects/NAME/README.md`.
            """
    }

    /// What no baseline says.
    private var news: String {
        var lines: [String] = []
        for column in matrix.columns {
            let baseline = column.results.baseline
            for cell in column.results.cells {
                for check in cell.checks where check.known == nil && [.fail, .warn, .inconclusive, .error].contains(check.verdict) {
                    let verdict = "\(check.verdict.rawValue), \(MarkdownTable.escape(check.why))"
                    lines.append("- \(column.subject), `\(check.check)` in `\(cell.scheme)`: \(verdict)")
                }
            }
            for entry in baseline?.stale ?? [] {
                let verdict = "\(entry.verdict.rawValue), and was known as \(entry.wanted)"
                lines.append("- \(column.subject), `\(entry.check)` in `\(entry.scheme)`: \(verdict)")
            }
            for check in baseline?.unused ?? [] { lines.append("- \(column.subject), `\(check)`: known, and nothing was decided about it") }
        }
        guard !lines.isEmpty else { return "Everything came out as it is known." }
        return "Not as it is known:\n\n" + lines.joined(separator: "\n")
    }

    private func section(_ role: (id: String, title: String)) -> String? {
        let columns = columns(of: role.id)
        guard !columns.isEmpty else { return nil }
        let part = Matrix(columns)
        var lines = ["| check | " + part.columns.map { MarkdownTable.escape($0.subject) }.joined(separator: " | ") + " |"]
        lines.append("|---|" + columns.map { _ in "---|" }.joined())
        for check in part.checks {
            lines.append("| `\(check)` | " + part.columns.map { part.verdict(check, $0)?.mark ?? "" }.joined(separator: " | ") + " |")
        }
        return "## \(role.title)\n\n\(Self.legend)\n\n" + lines.joined(separator: "\n")
    }

    private static let legend =
        "A check that no subject of the role could be asked is left out, and a cell is empty where a subject does not offer the scheme. "
        + Verdict.allCases.map { "\($0.mark) \($0.rawValue)" }.joined(separator: ", ") + "."
}
