import Judge
import Scenarios

/// The comparison table: measured words, each a link to what they rest on.
extension PageBuilder {
    /// Without schemes that were not played: an empty column tells nothing.
    var shownTable: ComparisonTable? {
        let played = Set(results.cells.map(\.scheme))
        guard let table = results.table else { return nil }
        return table.columns.allSatisfy { played.contains($0.scheme) } ? table : table.reduced(to: played)
    }

    var table: PageModel.Table? {
        guard let table = shownTable, !table.columns.isEmpty else { return nil }
        var groups: [PageModel.Group] = []
        for column in table.columns {
            if groups.last?.title == column.familyTitle {
                groups[groups.count - 1].span += 1
            } else {
                groups.append(PageModel.Group(title: column.familyTitle, span: 1))
            }
        }
        let columns = table.columns.map { PageModel.Column(scheme: $0.scheme, title: scheme($0.scheme)?.title ?? "") }
        let meanings = table.rows.compactMap(meaning), absences = table.rows.flatMap(absences)
        return PageModel.Table(
            groups: groups, columns: columns, rows: table.rows.map(row), meanings: meanings, hasMeanings: !meanings.isEmpty,
            absences: absences, hasAbsences: !absences.isEmpty)
    }

    private func meaning(_ row: ComparisonTable.Row) -> PageModel.Meaning? {
        catalogue.table?.rows.first { $0.id == row.id }?.about.map {
            PageModel.Meaning(anchor: HTMLText.anchor("r", row.id), row: row.title, about: $0)
        }
    }

    private func row(_ row: ComparisonTable.Row) -> PageModel.Row {
        PageModel.Row(
            title: row.title, aboutAnchor: meaning(row)?.anchor, factorName: row.factor.flatMap { row.title.hasPrefix($0) ? nil : $0 },
            cells: row.cells.map { cell(row, $0) })
    }

    /// What a cell without a measurement says, and the reason behind its colon.
    private static func absent(_ words: String) -> (says: String, because: String?) {
        guard let colon = words.firstRange(of: ": ") else { return (words, nil) }
        return (String(words[..<colon.lowerBound]), String(words[colon.upperBound...]))
    }

    /// The schemes in which the row has no meaning or was not tried, by the reason.
    private func absences(_ row: ComparisonTable.Row) -> [PageModel.Absence] {
        reasons(row).enumerated().map { index, words in
            let schemes = row.cells.filter { $0.kind == .notOffered && $0.words == words }.map(\.scheme)
            let absent = Self.absent(words)
            return PageModel.Absence(
                anchor: Self.anchor(absence: index, row.id), row: row.title, says: absent.says, schemes: schemes.joined(separator: ", "),
                because: absent.because ?? "where there is nothing of the kind")
        }
    }

    private func reasons(_ row: ComparisonTable.Row) -> [String] {
        row.cells.filter { $0.kind == .notOffered }.map(\.words).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func anchor(absence: Int, _ row: String) -> String { HTMLText.anchor("n", row, "\(absence)") }

    private func cell(_ row: ComparisonTable.Row, _ cell: ComparisonTable.Cell) -> PageModel.Cell {
        if cell.kind == .notOffered, let reason = reasons(row).firstIndex(of: cell.words) {
            let target = Self.anchor(absence: reason, row.id)
            return PageModel.Cell(
                cls: Standing.absent.rawValue, wordsHTML: "<a href=#\(target)>\(HTMLText.escape(Self.absent(cell.words).says))</a>",
                bar: nil)
        }
        let parts = sources(row.id, cell.scheme)
        var html = parts.map(link).joined()
        if parts.map(\.words).joined() != cell.words {
            // The catalogue has changed since, or there is nothing but a reason: one link for all of it.
            let target = parts.lazy.compactMap(\.target).first
            html = target.map { "<a href=#\($0)>\(HTMLText.escape(cell.words))</a>" } ?? HTMLText.escape(cell.words)
        }
        return PageModel.Cell(cls: standing(cell, parts).rawValue, wordsHTML: html, bar: bar(parts))
    }

    /// A piece of a cell's words: plain, or what was measured or seen, with the place where it is shown.
    struct Source {
        var words: String
        var target: String?
        var measure: (cell: CellResult, measure: MeasureResult)?
        var check: CheckResult?
    }

    /// The pieces by the catalogue's template.
    func sources(_ row: String, _ scheme: String) -> [Source] {
        guard let definition = catalogue.table?.rows.first(where: { $0.id == row }),
            let template = definition.cells.first(where: { $0.schemes?.contains(scheme) ?? true })
        else { return [] }
        return (TemplateText.parts(template.words) ?? []).map { part in
            switch part {
            case .words(let text): return Source(words: text)
            case .measure(let name):
                guard let found = measured(name, scheme) else { return Source(words: "") }
                return Source(words: found.measure.words, target: anchor(measure: name, scheme), measure: found)
            case .check(let id):
                guard let found = decided(id, scheme)?.check else { return Source(words: "") }
                let words = found.seen ?? found.held.map { $0 ? "kept" : "broken" } ?? found.verdict.rawValue
                return Source(words: words, target: Self.anchor(check: id, scheme), check: found)
            case .held(let id):
                guard let found = decided(id, scheme)?.check else { return Source(words: "") }
                return Source(words: found.answer, target: Self.anchor(check: id, scheme), check: found)
            }
        }
    }

    private func link(_ source: Source) -> String {
        let words = HTMLText.escape(source.words)
        return source.target.map { "<a href=#\($0)>\(words)</a>" } ?? words
    }

    /// The places to which the table's cells lead.
    var linked: Set<String> {
        Set((shownTable?.rows ?? []).flatMap { row in row.cells.flatMap { sources(row.id, $0.scheme) } }.compactMap(\.target))
    }

    private func standing(_ cell: ComparisonTable.Cell, _ sources: [Source]) -> Standing {
        switch cell.kind {
        case .notOffered: return .absent
        case .missing: return .untested
        case .measured:
            let checks = sources.compactMap(\.check) + sources.compactMap(\.measure).flatMap(related)
            return Standing.worst(checks.map(Standing.init).filter { $0 != .absent }) ?? .measured
        }
    }

    /// The checks that judge the same calls as the measure counts or times.
    private func related(_ found: (cell: CellResult, measure: MeasureResult)) -> [CheckResult] {
        guard let scenario = scenario(of: found.cell), let measure = definition(found.measure.name, scenario, found.cell.scheme),
            let set = measure.form.calls
        else { return [] }
        let ids = scenario.expect.filter { ($0.onlyFor?.contains(found.cell.scheme) ?? true) && $0.form.calls == set }.map(\.check)
        return found.cell.checks.filter { ids.contains($0.check) }
    }

    func definition(_ measure: String, _ scenario: Scenario, _ scheme: String) -> Measure? {
        scenario.measures.first { $0.name == measure && ($0.onlyFor?.contains(scheme) ?? true) }
    }

    /// How much of the bar is filled: a window's place between a millisecond and a year, a count's share.
    private func bar(_ sources: [Source]) -> String? {
        let shares = sources.compactMap { source -> Double? in
            switch source.measure?.measure.value {
            case .window(let bracket): TimeAxis.share(bracket.upper ?? 31_536_000)
            case .count(let count, let all): all == 0 ? nil : Double(count) / Double(all)
            default: nil
            }
        }
        return shares.max().map { HTMLText.decimal($0 * 100) + "%" }
    }

    var claims: [PageModel.Claim] {
        (shownTable?.rows ?? []).flatMap { row in
            row.claims.enumerated().map { index, claim in
                let scheme = shownTable?.columns.first { $0.family == claim.family }?.scheme ?? ""
                return PageModel.Claim(
                    head: index == 0 ? PageModel.ClaimHead(row: row.title, span: row.claims.count) : nil,
                    anchor: sources(row.id, scheme).lazy.compactMap(\.target).first ?? "table", family: claim.familyTitle,
                    says: claim.says, cls: claim.outcome.rawValue, outcome: claim.outcome.rawValue,
                    condition: claim.condition ?? "")
            }
        }
    }

    var claimsNote: String {
        let outcomes = (shownTable?.rows ?? []).flatMap(\.claims).map(\.outcome)
        guard !outcomes.isEmpty else { return "Of the schemes that were played in this run the article says nothing that could be tried." }
        let told = ComparisonTable.ClaimResult.Outcome.allCases.compactMap { outcome -> String? in
            let count = outcomes.count { $0 == outcome }
            return count == 0 ? nil : "\(outcome.rawValue) \(count)"
        }
        return "\(Words.count(outcomes.count, "statement")) of the article, each held against what was measured: "
            + "\(told.joined(separator: ", ")). Confirmed is what holds in every scheme of its family, refuted what holds in none."
    }
}

extension Measure.Form {
    /// The set of calls it is about; nil for a fact.
    var calls: String? {
        switch self {
        case .window(let calls, _), .count(let calls, _, _, _): calls
        case .fact: nil
        }
    }
}

extension Expectation.Form {
    /// The set of calls it is about; nil for a fact.
    var calls: String? {
        switch self {
        case .accepted(let calls, _, _), .refused(let calls, _, _, _, _), .never(_, let calls, _, _): return calls
        case .window(let calls, _, _, _, _): return calls
        case .count(let of, _, _, _, _):
            if case .calls(let calls, _) = of { return calls }
            return nil
        }
    }
}
