package import Scenarios

/// Whether two schemes differ in a row of the table by what was measured, and not only by how busy the machine was meanwhile.
package struct SchemeDifference: Sendable {
    private let rows: [String: TableDefinition.Row]
    private let cells: [String: [CellResult]]
    /// The two were measured at different moments of one run, and nothing is known of how busy those were.
    private let noise = WindowNoise([])

    package init(_ definition: TableDefinition, _ results: Results) {
        rows = Dictionary(definition.rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        cells = Dictionary(grouping: results.cells, by: \.scheme)
    }

    /// False where one of the two was not tried because another scheme stands for it.
    package func tells(_ one: ComparisonTable.Cell, from other: ComparisonTable.Cell, row: String) -> Bool {
        guard one.words != other.words, [one, other].contains(where: { $0.kind == .measured }) else { return false }
        guard let row = rows[row] else { return true }
        switch (template(row, one), template(row, other)) {
        case (let mine?, let theirs?) where mine == theirs:
            guard one.kind == other.kind else { return true }
            return (TemplateText.parts(mine) ?? []).contains { differs($0, one.scheme, other.scheme) }
        case (nil, _): return row.elsewhere(one.scheme) == nil
        case (_, nil): return row.elsewhere(other.scheme) == nil
        default: return true
        }
    }

    private func template(_ row: TableDefinition.Row, _ cell: ComparisonTable.Cell) -> String? {
        row.cells.first { $0.schemes?.contains(cell.scheme) ?? true }?.words
    }

    private func differs(_ part: TemplateText.Part, _ one: String, _ other: String) -> Bool {
        switch part {
        case .words: return false
        case .check(let id): return check(id, one)?.seen != check(id, other)?.seen || check(id, one)?.held != check(id, other)?.held
        case .held(let id): return check(id, one)?.answer != check(id, other)?.answer
        case .measure(let name):
            guard let mine = measure(name, one), let theirs = measure(name, other) else { return true }
            return !mine.value.isAlike(theirs.value, noise)
        }
    }

    private func check(_ id: String, _ scheme: String) -> CheckResult? {
        (cells[scheme] ?? []).lazy.flatMap(\.checks).first { $0.check == id }
    }

    private func measure(_ name: String, _ scheme: String) -> MeasureResult? {
        (cells[scheme] ?? []).lazy.flatMap(\.measures).first { $0.name == name }
    }
}
