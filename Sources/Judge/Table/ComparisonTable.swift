/// The comparison table: rows are phenomena, columns are schemes, cells are measured words.
package struct ComparisonTable: Sendable, Codable, Hashable {
    package var columns: [Column]
    package var rows: [Row]

    package init(columns: [Column], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }

    package struct Column: Sendable, Codable, Hashable {
        package var scheme: String
        /// The article's column that it stands for.
        package var family: String
        package var familyTitle: String

        package init(scheme: String, family: String, familyTitle: String) {
            self.scheme = scheme
            self.family = family
            self.familyTitle = familyTitle
        }
    }

    package struct Row: Sendable, Codable, Hashable {
        package var id: String
        package var title: String
        /// The article's row; nil for one that was added.
        package var factor: String?
        /// In the order of the columns.
        package var cells: [Cell]
        package var claims: [ClaimResult]

        package init(id: String, title: String, factor: String?, cells: [Cell], claims: [ClaimResult]) {
            self.id = id
            self.title = title
            self.factor = factor
            self.cells = cells
            self.claims = claims
        }
    }

    package struct Cell: Sendable, Codable, Hashable {
        package enum Kind: String, Sendable, Codable { case measured, notOffered = "not-offered", missing }

        package var scheme: String
        package var kind: Kind
        package var words: String

        package init(scheme: String, kind: Kind, words: String) {
            self.scheme = scheme
            self.kind = kind
            self.words = words
        }
    }

    package struct ClaimResult: Sendable, Codable, Hashable {
        package enum Outcome: String, Sendable, Codable, CaseIterable {
            case confirmed, refuted, depends
            /// Nothing was measured that could decide it.
            case undecided
        }

        package var family: String
        package var familyTitle: String
        /// The article's words.
        package var says: String
        package var outcome: Outcome
        /// On what it depends, or where it does not hold; nil when there is nothing to add.
        package var condition: String?

        package init(family: String, familyTitle: String, says: String, outcome: Outcome, condition: String?) {
            self.family = family
            self.familyTitle = familyTitle
            self.says = says
            self.outcome = outcome
            self.condition = condition
        }
    }
}

extension ComparisonTable {
    /// Without the columns of schemes that were not played, and the rows of which nothing was measured then.
    /// What the article says of a family stands only where all of its schemes were played.
    package func reduced(to schemes: Set<String>) -> ComparisonTable {
        let partial = Set(columns.filter { !schemes.contains($0.scheme) }.map(\.family))
        let kept = columns.indices.filter { schemes.contains(columns[$0].scheme) }
        var table = self
        table.columns = kept.map { columns[$0] }
        table.rows = rows.map { row in
            var row = row
            row.cells = kept.map { row.cells[$0] }
            row.claims = row.claims.filter { $0.outcome != .undecided && !partial.contains($0.family) }
            return row
        }.filter { row in row.cells.contains { $0.kind == .measured } }
        return table
    }
}
