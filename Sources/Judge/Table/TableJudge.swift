import Scenarios

/// Fills the table's cells from measures, and decides what the article says.
struct TableJudge {
    let definition: TableDefinition
    let cells: [CellResult]
    /// A credential's production lifetime in seconds, by scheme.
    let lifetimes: [String: Double]

    func table() -> ComparisonTable {
        let columns = definition.families.flatMap { family in
            family.schemes.map { ComparisonTable.Column(scheme: $0, family: family.id, familyTitle: family.title) }
        }
        let rows = definition.rows.map { row in
            ComparisonTable.Row(
                id: row.id, title: row.title, factor: row.factor, cells: columns.map { cell(row, $0.scheme) },
                claims: row.claims.compactMap(claim))
        }
        return ComparisonTable(columns: columns, rows: rows)
    }

    private func cell(_ row: TableDefinition.Row, _ scheme: String) -> ComparisonTable.Cell {
        guard let template = row.cells.first(where: { $0.schemes?.contains(scheme) ?? true }) else {
            return ComparisonTable.Cell(
                scheme: scheme, kind: .notOffered, words: row.elsewhere(scheme).map { "not tried: \($0)" } ?? "does not arise")
        }
        var words = ""
        for part in TemplateText.parts(template.words) ?? [] {
            switch part {
            case .words(let text): words += text
            case .check(let id):
                guard let check = check(id, scheme) else {
                    return ComparisonTable.Cell(scheme: scheme, kind: .missing, words: "not measured")
                }
                if check.verdict == .notApplicable { return doesNotArise(check.why, scheme) }
                words += check.seen ?? check.held.map { $0 ? "kept" : "broken" } ?? check.verdict.rawValue
            case .held(let id):
                guard let check = check(id, scheme) else {
                    return ComparisonTable.Cell(scheme: scheme, kind: .missing, words: "not measured")
                }
                if check.verdict == .notApplicable { return doesNotArise(check.why, scheme) }
                words += check.answer
            case .measure(let name):
                guard let measure = measure(name, scheme) else {
                    return ComparisonTable.Cell(scheme: scheme, kind: .missing, words: "not measured")
                }
                switch measure.value {
                case .notOffered(let why): return doesNotArise(why, scheme)
                case .missing(let why): return ComparisonTable.Cell(scheme: scheme, kind: .missing, words: "could not be measured: \(why)")
                case .window, .count, .fact: words += measure.words
                }
            }
        }
        return ComparisonTable.Cell(scheme: scheme, kind: .measured, words: words)
    }

    private func doesNotArise(_ why: String, _ scheme: String) -> ComparisonTable.Cell {
        ComparisonTable.Cell(scheme: scheme, kind: .notOffered, words: "does not arise: \(why)")
    }

    private func claim(_ claim: TableDefinition.Claim) -> ComparisonTable.ClaimResult? {
        guard let family = definition.families.first(where: { $0.id == claim.family }) else { return nil }
        // What does not arise in a scheme says nothing for or against the claim.
        let answers = family.schemes.map { scheme in (scheme: scheme, holds: claim.holds.compactMap { holds($0, scheme) }) }
            .filter { !$0.holds.isEmpty }
        let all = answers.flatMap(\.holds)
        let outcome: ComparisonTable.ClaimResult.Outcome =
            all.isEmpty ? .undecided : all.allSatisfy { $0 } ? .confirmed : all.contains(true) ? .depends : .refuted
        return ComparisonTable.ClaimResult(
            family: family.id, familyTitle: family.title, says: claim.says, outcome: outcome,
            condition: outcome == .confirmed || outcome == .undecided ? nil : claim.depends ?? whereItHolds(answers))
    }

    private func whereItHolds(_ answers: [(scheme: String, holds: [Bool])]) -> String? {
        let whole = answers.filter { $0.holds.allSatisfy { $0 } }.map(\.scheme)
        guard !whole.isEmpty, whole.count < answers.count else { return nil }
        return "it holds for \(whole.joined(separator: " and ")) only"
    }

    /// Nil when nothing was measured that could decide it.
    private func holds(_ condition: TableDefinition.Condition, _ scheme: String) -> Bool? {
        switch condition {
        case .check(let id, let because):
            let check = check(id, scheme)
            guard let because, check?.held == true else { return check?.held }
            return check?.seen?.hasSuffix(", \(because))") ?? false
        case .measure(let name, let atLeast, let atMost):
            guard let value = measure(name, scheme)?.value else { return nil }
            let low: Double, high: Double
            switch value {
            case .window(let bracket): (low, high) = (bracket.lower, bracket.upper ?? .infinity)
            case .count(let count, _): (low, high) = (Double(count), Double(count))
            case .fact(let value, _): (low, high) = (value, value)
            case .notOffered, .missing: return nil
            }
            return (atLeast.flatMap { bound($0, scheme) }.map { low >= $0 } ?? true)
                && (atMost.flatMap { bound($0, scheme) }.map { high <= $0 } ?? true)
        }
    }

    private func bound(_ bound: TableDefinition.Bound, _ scheme: String) -> Double? {
        switch bound {
        case .value(let value): value
        case .lifetime: lifetimes[scheme]
        }
    }

    private func measure(_ name: String, _ scheme: String) -> MeasureResult? {
        cells.lazy.filter { $0.scheme == scheme }.flatMap(\.measures).first { $0.name == name }
    }

    private func check(_ id: String, _ scheme: String) -> CheckResult? {
        cells.lazy.filter { $0.scheme == scheme }.flatMap(\.checks).first { $0.check == id }
    }
}
