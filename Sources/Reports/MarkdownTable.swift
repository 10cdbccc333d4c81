package import Judge

/// The comparison table for the README: measured cells first, then the article's words beside what came of them.
package enum MarkdownTable {
    /// - Parameter schemes: The columns to show; nil for all. What the article says is judged by all in either case.
    package static func text(_ table: ComparisonTable, schemes: [String]? = nil) -> String {
        measured(schemes.map { table.reduced(to: Set($0)) } ?? table) + "\n" + claims(table)
    }

    private static func measured(_ table: ComparisonTable) -> String {
        var lines = [row(["Measured"] + table.columns.map { "`\($0.scheme)`" }), rule(table.columns.count + 1)]
        lines += table.rows.map { item in row([item.title] + item.cells.map { $0.kind == .measured ? $0.words : "*\($0.words)*" }) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func claims(_ table: ComparisonTable) -> String {
        var lines = [row(["The article says", "of", "that", "it is", "because"]), rule(5)]
        for item in table.rows {
            for claim in item.claims {
                lines.append(
                    row([item.title, claim.familyTitle, "“\(claim.says)”", "**\(claim.outcome.rawValue)**", claim.condition ?? ""]))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ cells: [String]) -> String { "| " + cells.map(escape).joined(separator: " | ") + " |" }

    private static func rule(_ columns: Int) -> String { "|" + String(repeating: "---|", count: columns) }

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
