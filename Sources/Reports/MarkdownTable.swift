package import Judge

/// The comparison table for the README: measured cells first, then the article's words beside what came of them.
package enum MarkdownTable {
    /// - Parameter schemes: The columns to show; nil for all. A row that does not arise in any of them is left out. What the article says
    ///   is judged by all in either case.
    package static func text(_ table: ComparisonTable, schemes: [String]? = nil) -> String {
        let lines = measured(table)
        return (schemes.map { brief(lines, schemes: $0) } ?? lines).joined(separator: "\n") + "\n\n" + claims(table)
    }

    /// A table with all columns, cut to some.
    ///
    /// - Parameter lines: As `text` writes them: head, rule and rows.
    package static func brief(_ lines: [String], schemes: [String]) -> [String] {
        guard let head = lines.first.map(cells) else { return [] }
        let columns = [0] + schemes.compactMap { head.firstIndex(of: "`\($0)`") }
        return lines.enumerated().compactMap { place, line in
            let all = cells(line), kept = columns.filter { $0 < all.count }.map { all[$0] }
            if place == 1 { return rule(columns.count) }
            let arises = kept.dropFirst().contains { !($0.hasPrefix("*") && $0.hasSuffix("*")) }
            return arises ? "| \(kept.joined(separator: " | ")) |" : nil
        }
    }

    /// The bars between cells stand in blanks; one that belongs to a cell is escaped.
    private static func cells(_ line: String) -> [String] {
        line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false).map(String.init)
    }

    private static func measured(_ table: ComparisonTable) -> [String] {
        var lines = [row(["Measured"] + table.columns.map { "`\($0.scheme)`" }), rule(table.columns.count + 1)]
        lines += table.rows.map { item in row([item.title] + item.cells.map { $0.kind == .measured ? $0.words : "*\($0.words)*" }) }
        return lines
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
