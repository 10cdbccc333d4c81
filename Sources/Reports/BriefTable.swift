package import Scenarios

/// The README's table: some rows and columns of the whole one, with the article's words and what became of them in the cells.
///
/// It is made from the whole table's text, so that whoever has only the two documents can hold one against the other.
package struct BriefTable {
    private let definition: TableDefinition
    private let measured: [[String]]
    private let claims: [[String]]

    /// - Parameter whole: As `MarkdownTable.text` writes it, whatever stands before and behind.
    package init(_ whole: String, of definition: TableDefinition) {
        self.definition = definition
        let tables = Self.tables(whole)
        func table(_ head: String) -> [[String]] {
            let rows = tables.first { $0.first?.first == head } ?? []
            return rows.filter { $0.count == rows[0].count }
        }
        measured = table(MarkdownTable.measuredHead)
        claims = table(MarkdownTable.claimsHead).filter { $0.count == 5 }
    }

    /// The table, and below it what of the article's words in it is not simply so. Everything where nothing is left out.
    package var text: String {
        let places = schemes.compactMap { scheme in
            measured.first?.firstIndex(of: "`\(scheme)`").map { (scheme: scheme, column: $0) }
        }
        let heads = places.map { place in
            [family(of: place.scheme)?.title, "`\(place.scheme)`"].compactMap { $0 }.joined(separator: "<br>")
        }
        var lines = [MarkdownTable.row(["Measured"] + heads), MarkdownTable.rule(heads.count + 1)]
        for row in rows {
            guard let whole = measured.first(where: { $0.first == MarkdownTable.escape(row.title) }) else { continue }
            let cells = places.map { place in
                let claim = claims.first { $0[0] == whole[0] && $0[1] == family(of: place.scheme)?.title }
                return short(whole, place) + (claim.map { "<br>\($0[2]) \($0[3])" } ?? "")
            }
            lines.append(MarkdownTable.row([title(row)] + cells))
        }
        return (lines + ["", summary, ""] + doubts).joined(separator: "\n")
    }

    private var schemes: [String] { definition.brief?.schemes ?? definition.families.flatMap(\.schemes) }

    private var rows: [TableDefinition.Row] {
        guard let brief = definition.brief else { return definition.rows }
        return brief.rows.compactMap { id in definition.rows.first { $0.id == id } }
    }

    private func family(of scheme: String) -> TableDefinition.Family? { definition.families.first { $0.schemes.contains(scheme) } }

    /// The article's rows are bold, under the article's name for them too.
    private func title(_ row: TableDefinition.Row) -> String {
        let title = MarkdownTable.escape(row.title)
        guard let factor = row.factor else { return title }
        return "**\(title)**" + (row.title.hasPrefix(factor) ? "" : "<br>\(MarkdownTable.escape(factor))")
    }

    /// Why there is nothing of the kind takes more room than what there is; that nothing was found out is not passed over.
    /// What was tried once for a family is told of the scheme in which it was.
    private func short(_ row: [String], _ place: (scheme: String, column: Int)) -> String {
        let cell = row[place.column]
        guard cell.hasPrefix("*does not arise") || cell.hasPrefix("*not tried") else { return cell }
        guard cell.hasPrefix("*not tried"), let heads = measured.first else { return "–" }
        for other in family(of: place.scheme)?.schemes ?? [] {
            if let column = heads.firstIndex(of: "`\(other)`"), !row[column].hasPrefix("*") { return "\(row[column]), in `\(other)`" }
        }
        return "–"
    }

    private var summary: String {
        let outcomes = ["confirmed", "depends", "refuted"].map { word in "\(word) \(claims.count { $0[3] == "**\(word)**" })" }
        return "Of what the article says, \(claims.dropFirst().count) statements were tried: \(outcomes.joined(separator: ", ")). "
            + "In this table, not simply so:"
    }

    private var doubts: [String] {
        rows.flatMap { row in claims.filter { $0[0] == MarkdownTable.escape(row.title) && $0[3] != "**confirmed**" } }.map { claim in
            "- \(claim[0]), \(claim[1]): \(claim[2]) \(claim[3])" + (claim[4].isEmpty ? "" : ": \(claim[4])")
        }
    }

    /// The cells of every table, without the rules under their heads.
    private static func tables(_ text: String) -> [[[String]]] {
        var tables: [[[String]]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("| ") {
                tables[tables.count - 1].append(MarkdownTable.cells(String(line)))
            } else if !line.hasPrefix("|--") {
                tables.append([])
            }
        }
        return tables.filter { !$0.isEmpty }
    }
}
