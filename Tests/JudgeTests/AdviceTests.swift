import Foundation
import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite struct AdviceTests {
    private static let all = (0..<16).map {
        Advice.Answers(bothEnds: $0 & 1 != 0, forUsers: $0 & 2 != 0, regulated: $0 & 4 != 0, sensitive: $0 & 8 != 0)
    }

    @Test(arguments: all) func advisesASchemeThatThereIs(_ answers: Advice.Answers) throws {
        let advice = Advice(answers, results: nil, proven: nil)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        for scheme in [advice.recommended, advice.instead] {
            #expect(FileManager.default.fileExists(atPath: root.appending(path: "schemes/\(scheme).yaml").path))
        }
        #expect(advice.recommended != advice.instead)
    }

    @Test(arguments: all.filter(\.regulated)) func aRegulatedPlaceGetsCertificatesThatCanBeRevoked(_ answers: Advice.Answers) {
        #expect(["mtls-crl", "layered-bound"].contains(Advice(answers, results: nil, proven: nil).recommended))
    }

    @Test(arguments: all.filter { !$0.bothEnds }) func strangersGetNoStaticKeys(_ answers: Advice.Answers) {
        #expect(Advice(answers, results: nil, proven: nil).recommended != "api-key")
    }

    @Test func figuresAreRowsInWhichTheTwoDiffer() {
        let answers = Advice.Answers(bothEnds: true, forUsers: false, regulated: false, sensitive: false)
        func row(_ id: String, _ here: String, _ there: String, _ kind: ComparisonTable.Cell.Kind = .measured) -> ComparisonTable.Row {
            .init(
                id: id, title: id, factor: nil,
                cells: [
                    .init(scheme: "api-key", kind: kind, words: here), .init(scheme: "oauth-introspection", kind: kind, words: there),
                ], claims: [])
        }
        let table = ComparisonTable(
            columns: [], rows: [row("a", "0–4 ms", "59 min"), row("b", "same", "same"), row("c", "x", "y", .missing)])
        let advice = Advice(answers, results: results(table), proven: nil)
        #expect(advice.proof == nil)
        #expect(advice.figures.map { [$0.row, $0.recommended, $0.instead] } == [["a", "0–4 ms", "59 min"]])
        #expect(advice.text(width: 80, colour: false).contains("59 min"))
        #expect(advice.text(width: 80, colour: false, titles: ["api-key": "A key"]).contains("\n  api-key    A key\n\n"))
        #expect(Advice(answers, results: nil, proven: nil).text(width: 80, colour: false).contains("authbed run"))
    }

    @Test func whatOnlyTheMachineMadeDifferentIsNoFigure() {
        let answers = Advice.Answers(bothEnds: true, forUsers: false, regulated: false, sensitive: false)
        func cell(_ scheme: String, _ window: Bracket, _ refused: Int, _ calls: Int) -> CellResult {
            var cell = CellResult(id: "x@\(scheme)", scenario: "x", scheme: scheme, title: "X")
            cell.measures = [
                .init(name: "window", value: .window(window), evidence: []),
                .init(name: "refused", value: .count(refused, of: calls), evidence: []),
            ]
            return cell
        }
        func row(_ id: String, _ cells: [TableDefinition.Template], elsewhere: String? = nil) -> TableDefinition.Row {
            .init(id: id, title: id, factor: nil, elsewhere: elsewhere, cells: cells, claims: [], line: 1)
        }
        let definition = TableDefinition(
            families: [.init(id: "all", title: "All", schemes: ["api-key", "oauth-introspection"])],
            rows: [
                row("speed", [.init(schemes: nil, words: "{window}")]), row("calls", [.init(schemes: nil, words: "{refused}")]),
                row("once", [.init(schemes: ["api-key"], words: "{window}")], elsewhere: "it is the same"),
                row("only", [.init(schemes: ["api-key"], words: "{window}")]),
            ])
        func figures(_ window: Bracket, _ refused: Int) -> [String] {
            var results = results(ComparisonTable(columns: [], rows: []))
            results.cells = [
                cell("api-key", Bracket(lower: 0, upper: 0.004, seenOpen: true), 0, 159), cell("oauth-introspection", window, refused, 203),
            ]
            results.table = Judge.table(definition, cells: results.cells, lifetimes: [:])
            return Advice(answers, results: results, definition: definition, proven: nil).figures.map(\.row)
        }
        #expect(figures(Bracket(lower: 0.006, upper: 0.03, seenOpen: true), 0) == ["only"])
        #expect(figures(Bracket(lower: 3537, upper: 3539, seenOpen: true), 0) == ["speed", "only"])
        #expect(figures(Bracket(lower: 0.006, upper: 0.03, seenOpen: true), 2) == ["calls", "only"])
    }

    @Test func checksThatABentServerTurnedRedAreCounted() throws {
        let answers = Advice.Answers(bothEnds: true, forUsers: false, regulated: false, sensitive: false)
        var cell = CellResult(id: "x@api-key", scenario: "x", scheme: "api-key", title: "X")
        cell.checks = ["server/a", "server/b", "server/c"].map { defect in
            CheckResult(check: "x.\(defect.suffix(1))", level: .must, ruling: .held(""), bites: [defect])
        }
        var results = results(ComparisonTable(columns: [], rows: []))
        results.cells = [cell]
        let advice = Advice(answers, results: results, proven: ["server/a", "server/b", "server/z"])
        #expect(advice.proof?.checks == 3 && advice.proof?.proven == 2)
    }

    private func results(_ table: ComparisonTable) -> Results {
        let run = RunStarted(
            authbed: "0", startedAt: "2026-01-01T00:00:00Z", era: "2026-07-28", commandLine: ["run"], machine: "", subjects: [:])
        return Results(run: run, incomplete: nil, seconds: 0, cells: [], table: table)
    }
}
