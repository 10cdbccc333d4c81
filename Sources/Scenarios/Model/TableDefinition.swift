/// What the comparison table shows and how the article's words are judged: `requirements/table.yaml`.
package struct TableDefinition: Sendable, Codable, Hashable {
    package var families: [Family]
    /// What is shown where there is little room; nil when nothing is left out.
    package var brief: Brief?
    package var rows: [Row]

    /// The titles of the rows in which a measure stands first, by its name.
    package var titles: [String: String] {
        var titles: [String: String] = [:]
        for row in rows {
            for case .measure(let name) in row.cells.flatMap({ TemplateText.parts($0.words) ?? [] }) where titles[name] == nil {
                titles[name] = row.title
            }
        }
        return titles
    }

    package init(families: [Family], brief: Brief? = nil, rows: [Row]) {
        self.families = families
        self.brief = brief
        self.rows = rows
    }

    /// The columns and rows that stand for all of them, in the order in which they are shown.
    package struct Brief: Sendable, Codable, Hashable {
        package var schemes: [String]
        /// Their ids.
        package var rows: [String]

        package init(schemes: [String], rows: [String]) {
            self.schemes = schemes
            self.rows = rows
        }
    }

    /// A column of the article, and the schemes that stand for it.
    package struct Family: Sendable, Codable, Hashable {
        package var id: String
        package var title: String
        package var schemes: [String]

        package init(id: String, title: String, schemes: [String]) {
            self.id = id
            self.title = title
            self.schemes = schemes
        }
    }

    package struct Row: Sendable, Codable, Hashable {
        package var id: String
        package var title: String
        /// The article's row; nil for a row that was added.
        package var factor: String?
        /// What is counted or timed, in a sentence for somebody who sees the table for the first time.
        package var about: String?
        /// Why schemes that no cell is for are left out; nil where there is nothing of the kind in them.
        package var elsewhere: String?
        /// The schemes of which `elsewhere` is said; nil for all that no cell is for.
        package var elsewhereFor: [String]?
        package var cells: [Template]
        package var claims: [Claim]
        package var line: Int

        package init(
            id: String, title: String, factor: String?, about: String? = nil, elsewhere: String? = nil,
            elsewhereFor: [String]? = nil, cells: [Template], claims: [Claim], line: Int
        ) {
            self.id = id
            self.title = title
            self.factor = factor
            self.about = about
            self.elsewhere = elsewhere
            self.elsewhereFor = elsewhereFor
            self.cells = cells
            self.claims = claims
            self.line = line
        }

        /// Why a scheme that no cell is for was not tried; nil where there is nothing of the kind in it.
        package func elsewhere(_ scheme: String) -> String? { elsewhereFor?.contains(scheme) ?? true ? elsewhere : nil }
    }

    /// A cell's words: `{NAME}` stands for a measure, `{check:ID}` for what was seen, `{held:ID}` for whether the check held.
    package struct Template: Sendable, Codable, Hashable {
        /// Nil for all schemes; the first template that fits is taken.
        package var schemes: [String]?
        package var words: String

        package init(schemes: [String]?, words: String) {
            self.schemes = schemes
            self.words = words
        }
    }

    /// What the article says of a family, and what must hold in a scheme for that to be so.
    ///
    /// Everything holds in every scheme of the family: `confirmed`. Nothing in any: `refuted`. Otherwise: `depends`.
    package struct Claim: Sendable, Codable, Hashable {
        package var family: String
        package var says: String
        package var holds: [Condition]
        /// On what it depends, in a reader's words.
        package var depends: String?
        package var line: Int

        package init(family: String, says: String, holds: [Condition], depends: String?, line: Int) {
            self.family = family
            self.says = says
            self.holds = holds
            self.depends = depends
            self.line = line
        }
    }

    package enum Condition: Sendable, Codable, Hashable {
        /// The measure is within the bounds; for a bracket its certain end decides.
        case measure(String, atLeast: Bound?, atMost: Bound?)
        /// The check passed; with a reason, what it saw was a refusal for that reason.
        case check(String, because: String?)
    }

    package enum Bound: Sendable, Codable, Hashable {
        /// Seconds for a time, otherwise a plain number.
        case value(Double)
        /// The scheme's production lifetime of a credential.
        case lifetime
    }
}
