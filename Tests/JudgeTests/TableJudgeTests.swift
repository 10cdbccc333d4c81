import Judge
import Scenarios
import Testing
import Trace

@Suite struct TableJudgeTests {
    static func cell(_ scheme: String, _ value: MeasureResult.Value) -> CellResult {
        var cell = CellResult(id: "x@\(scheme)", scenario: "x", scheme: scheme, title: "X")
        cell.measures = [MeasureResult(name: "window", value: value, evidence: [])]
        return cell
    }

    static func definition(_ holds: [TableDefinition.Condition], depends: String? = nil) -> TableDefinition {
        TableDefinition(
            families: [.init(id: "mtls", title: "Mutual TLS", schemes: ["mtls", "mtls-crl"])],
            rows: [
                .init(
                    id: "r", title: "Revocation speed", factor: "Revocation speed",
                    cells: [.init(schemes: nil, words: "closed after {window}")],
                    claims: [.init(family: "mtls", says: "Immediate", holds: holds, depends: depends, line: 1)], line: 1)
            ])
    }

    static let immediate: [TableDefinition.Condition] = [.measure("window", atLeast: nil, atMost: .value(1))]
    static let fast = MeasureResult.Value.window(Bracket(lower: 0, upper: 0.005, seenOpen: false))
    static let slow = MeasureResult.Value.window(Bracket(lower: 3000, upper: 3001, seenOpen: true))
    static let open = MeasureResult.Value.window(Bracket(lower: 0.5, upper: nil, seenOpen: true))

    @Test func `a claim that holds everywhere is confirmed, nowhere refuted, here and there it depends`() {
        let outcomes = [(Self.fast, Self.fast), (Self.slow, Self.open), (Self.slow, Self.fast)].map { first, second in
            table([Self.cell("mtls", first), Self.cell("mtls-crl", second)], Self.definition(Self.immediate)).rows[0].claims[0]
        }
        #expect(outcomes.map(\.outcome) == [.confirmed, .refuted, .depends])
        #expect(outcomes.map(\.condition) == [nil, nil, "it holds for mtls-crl only"])
    }

    @Test func `what was not measured neither confirms nor refutes`() {
        let gone = Self.cell("mtls", .notOffered("nobody reads a list"))
        let one = table([gone, Self.cell("mtls-crl", Self.fast)], Self.definition(Self.immediate))
        #expect(one.rows[0].claims[0].outcome == .confirmed)
        #expect(one.rows[0].cells.map(\.words) == ["does not arise: nobody reads a list", "closed after 0–5 ms"])
        #expect(table([], Self.definition(Self.immediate)).rows[0].claims[0].outcome == .undecided)
    }

    @Test func `the author's condition is printed where the claim depends`() {
        let cells = [Self.cell("mtls", Self.slow), Self.cell("mtls-crl", Self.fast)]
        let claim = table(cells, Self.definition(Self.immediate, depends: "only with a list")).rows[0].claims[0]
        #expect(claim.condition == "only with a list")
    }

    @Test func `a check may have to be kept for a reason`() {
        let cells = [("mtls", "refused (HTTP 403, scope)"), ("mtls-crl", "refused (HTTP 403, tenant)")].map { scheme, seen in
            var cell = Self.cell(scheme, Self.fast)
            cell.checks = [CheckResult(check: "a.b", level: .must, ruling: Ruling.held("").seeing(seen), bites: [])]
            return cell
        }
        var definition = Self.definition([.check("a.b", because: "scope")])
        definition.rows[0].cells = [.init(schemes: ["mtls"], words: "kept: {held:a.b}")]
        definition.rows[0].elsewhere = "one is enough"
        let row = table(cells, definition).rows[0]
        #expect(row.claims[0].condition == "it holds for mtls only")
        #expect(row.cells.map(\.words) == ["kept: yes", "not tried: one is enough"])
        definition.rows[0].elsewhereFor = ["api-key"]
        #expect(table(cells, definition).rows[0].cells.map(\.words) == ["kept: yes", "does not arise"])
    }

    @Test func `a bound may be the scheme's production lifetime`() throws {
        let conditions: [TableDefinition.Condition] = [.measure("window-fresh", atLeast: nil, atMost: .lifetime)]
        var definition = Self.definition(conditions)
        definition.families = [.init(id: "mtls", title: "Keys", schemes: ["api-key"])]
        definition.rows[0].cells = [.init(schemes: nil, words: "{window-fresh}, {check:story.stays}")]
        let trace = try TraceReader.read(try revocationTrace().text())
        let table = try Judge.judge(trace, requirements: [], table: definition).table
        #expect(table?.rows[0].claims[0].outcome == .confirmed)
        #expect(table?.rows[0].cells[0].words == "5–11 ms, refused (HTTP 401, revoked)")
    }

    private func table(_ cells: [CellResult], _ definition: TableDefinition) -> ComparisonTable {
        Judge.table(definition, cells: cells, lifetimes: [:])
    }
}
