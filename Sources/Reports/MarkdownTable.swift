package import Judge
package import Scenarios

/// The comparison table as Markdown: measured cells first, then the article's words beside what came of them.
package enum MarkdownTable {
    static let measuredHead = "Measured"
    static let claimsHead = "The article says"

    package static func text(_ table: ComparisonTable) -> String { measured(table) + "\n\n" + claims(table) }

    /// What each row counts or times, for whoever sees the table for the first time.
    package static func meanings(_ definition: TableDefinition) -> String {
        definition.rows.compactMap { row in row.about.map { "- **\(escape(row.title))**: \(escape($0))" } }.joined(separator: "\n")
    }

    /// The bars between cells stand in blanks; one that belongs to a cell is escaped.
    static func cells(_ line: String) -> [String] {
        line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false).map(String.init)
    }

    private static func measured(_ table: ComparisonTable) -> String {
        var lines = [line([measuredHead] + table.columns.map { "`\($0.scheme)`" }), rule(table.columns.count + 1)]
        lines += table.rows.map { item in line([item.title] + item.cells.map { $0.kind == .measured ? $0.words : "*\($0.words)*" }) }
        return lines.joined(separator: "\n")
    }

    private static func claims(_ table: ComparisonTable) -> String {
        var lines = [line([claimsHead, "of", "that", "it is", "because"]), rule(5)]
        for item in table.rows {
            for claim in item.claims {
                lines.append(
                    line([item.title, claim.familyTitle, "“\(claim.says)”", "**\(claim.outcome.rawValue)**", claim.condition ?? ""]))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ cells: [String]) -> String { row(cells.map(escape)) }

    /// - Parameter cells: Escaped already.
    static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    static func rule(_ columns: Int) -> String { "|" + String(repeating: "---|", count: columns) }

    /// A bar ends a cell, and `<` begins HTML.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in Text.clean(text) {
            switch character {
            case "|": result += "\\|"
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            default: result.append(character)
            }
        }
        return result
    }
}
