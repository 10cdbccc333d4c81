package import Judge

/// The comparison table on a terminal: a grid where it fits, otherwise a block for each row.
package struct TerminalTable: Sendable {
    /// Narrower columns break nearly every word.
    static let narrowest = 14

    package var width: Int
    package var colour: Bool

    package init(width: Int, colour: Bool) {
        self.width = width
        self.colour = colour
    }

    package func text(_ table: ComparisonTable) -> String {
        let titles = min(26, (table.rows.map(\.title.count).max() ?? 0) + 2)
        let column = (width - titles) / max(table.columns.count, 1)
        let body = column >= Self.narrowest + 2 ? grid(table, titles, column) : blocks(table)
        return ([body] + [claims(table)].filter { !$0.isEmpty }).joined(separator: "\n\n")
    }

    private var style: Style { Style(colour: colour) }

    private func grid(_ table: ComparisonTable, _ titles: Int, _ column: Int) -> String {
        var lines = [style.bold(line([""] + table.columns.map(\.scheme), titles, column))]
        lines.append(style.dim(String(repeating: "─", count: titles + column * table.columns.count)))
        for row in table.rows {
            let wrapped = [Text.wrap(row.title, titles - 2)] + row.cells.map { Text.wrap(Text.clean($0.words), column - 2) }
            let height = wrapped.map(\.count).max() ?? 0
            for index in 0..<height {
                lines.append(line(wrapped.map { index < $0.count ? $0[index] : "" }, titles, column))
            }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n")
    }

    private func line(_ texts: [String], _ titles: Int, _ column: Int) -> String {
        var text = texts.enumerated().map { Text.pad($0.element, $0.offset == 0 ? titles : column) }.joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    private func blocks(_ table: ComparisonTable) -> String {
        let column = (table.columns.map(\.scheme.count).max() ?? 0) + 4
        return table.rows.map { row in
            let cells = row.cells.map { cell in
                "  " + Text.pad(cell.scheme, column - 2) + Text.hanging(Text.clean(cell.words), width, indent: column)
            }
            return ([style.bold(row.title)] + cells).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private func claims(_ table: ComparisonTable) -> String {
        let rows = table.rows.filter { !$0.claims.isEmpty }
        guard !rows.isEmpty else { return "" }
        var lines = [style.bold("What the article says")]
        for row in rows {
            lines.append(row.title)
            for claim in row.claims {
                lines.append("  \(claim.familyTitle): “\(claim.says)” \(style.outcome(claim.outcome))")
                if let condition = claim.condition { lines.append("    " + Text.hanging(condition, width, indent: 4)) }
            }
        }
        return lines.joined(separator: "\n")
    }
}
