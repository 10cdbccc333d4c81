import Judge
import Reports
import Testing
import Trace

@Suite("What changed between two runs")
struct RunComparisonTests {
    func results() throws -> Results { try ReportInputs.input(try ReportInputs.stories([.keys])).results }

    func changed(_ edit: (inout Results) -> Void) throws -> RunComparison {
        let old = try results()
        var new = old
        edit(&new)
        return RunComparison(old: old, new: new)
    }

    @Test("Nothing, for the same run")
    func same() throws {
        let comparison = try changed { _ in }
        #expect(comparison.changes == [] && comparison.circumstances == [] && !comparison.isWorse)
        #expect(comparison.same == 9)
        #expect(ComparisonReport().text(comparison) == "0 changes, 0 for the worse; 9 the same\n")
    }

    @Test("A verdict that a script should stop at is worse; the way back is not")
    func verdicts() throws {
        let old = try results()
        var new = old
        new.cells[0].checks[1].verdict = .fail
        new.cells[0].checks[1].held = false
        let worse = RunComparison(old: old, new: new), better = RunComparison(old: new, new: old)
        #expect(worse.changes.map(\.name) == [old.cells[0].checks[1].check])
        #expect(worse.isWorse && !better.isWorse)
        #expect(worse.changes[0].after?.hasPrefix("fail: ") == true)
    }

    func window(_ lower: Double, _ upper: Double?) throws -> RunComparison {
        try changed { $0.cells[0].measures[0].value = .window(Bracket(lower: lower, upper: upper, seenOpen: true)) }
    }

    @Test("Brackets that touch are the same, and so are those that a busy machine drew apart; others are a change, and no verdict")
    func brackets() throws {
        // The first run's is 5–11 ms.
        #expect(try window(0.0109, 0.02).changes == [])
        #expect(try window(0, 0.006).changes == [])
        #expect(try window(0.0, nil).changes == [])
        #expect(try window(0.05, 0.06).changes == [])
        #expect(try window(0.1, 0.2).changes.map(\.kind) == [.measure])
        #expect(try window(0.1, nil).changes.count == 1)
        #expect(try !window(0.1, 0.2).isWorse)
    }

    @Test("A second is told from half of one, and an hour from half a minute less", arguments: [1.0, 3600])
    func long(_ length: Double) throws {
        func against(_ other: Double) throws -> Int {
            var first = try results(), second = first
            first.cells[0].measures[0].value = .window(Bracket(lower: length - 0.05, upper: length, seenOpen: true))
            second.cells[0].measures[0].value = .window(Bracket(lower: other - 0.05, upper: other, seenOpen: true))
            return RunComparison(old: first, new: second).changes.count
        }
        #expect(try against(length - min(length / 5, 5)) == 0)
        #expect(try against(length - min(length / 2, 30)) == 1)
        #expect(try against(length + min(length / 2, 30)) == 1)
    }

    @Test("A signature that is shorter by a few octets is no change, another way to call is")
    func bytes() throws {
        func against(_ other: Double, unit: String) throws -> Int {
            var first = try results(), second = first
            first.cells[0].measures[0].value = .fact(3316, unit: unit)
            second.cells[0].measures[0].value = .fact(other, unit: unit)
            return RunComparison(old: first, new: second).changes.count
        }
        #expect(try against(3321, unit: "bytes") == 0)
        #expect(try against(3400, unit: "bytes") == 1)
        #expect(try against(3317, unit: "processes") == 1)
    }

    @Test("Of a count the share counts")
    func counts() throws {
        func count(_ count: Int, _ all: Int) throws -> Int {
            try changed { $0.cells[0].measures[1].value = .count(count, of: all) }.changes.count
        }
        // The first run's is 3 of 4.
        #expect(try count(6, 8) == 0)
        #expect(try count(3, 5) == 1)
        #expect(try count(0, 0) == 1)
    }

    @Test("A check that is gone from its cell is worse; a cell that was not played is not")
    func gone() throws {
        #expect(try changed { $0.cells[0].checks.removeLast() }.changes.map(\.worse) == [true])
        let part = try changed { $0.cells = [] }
        #expect(part.changes.count == 6 && !part.isWorse)
    }

    @Test("Other circumstances are told")
    func circumstances() throws {
        let comparison = try changed { $0.run.subjects["server"] = "theirs | <b>" }
        #expect(comparison.circumstances.map(\.what) == ["server"])
        #expect(ComparisonReport.markdown(comparison).contains("- server: ours → theirs \\| &lt;b>"))
    }
}
