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
        #expect(
            ComparisonReport().text(comparison) == """
                0 changes, 0 for the worse; 9 the same
                Taken for noise in windows: below 1 s 50 ms, below 1 min 100 ms, above 25 s.

                """)
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
        // The first run's is 5–11 ms, and it is the only one: a busy machine is allowed for.
        #expect(try window(0.0109, 0.02).changes == [])
        #expect(try window(0, 0.006).changes == [])
        #expect(try window(0.0, nil).changes == [])
        #expect(try window(0.05, 0.06).changes == [])
        #expect(try window(0.095, 0.1).changes.map(\.kind) == [.measure])
        #expect(try window(0.1, nil).changes.count == 1)
        #expect(try !window(0.095, 0.1).isWorse)
    }

    /// Two runs of one cell each, with windows of the lengths given, in seconds, each bracket 4 ms wide.
    func runs(_ old: [Double], _ new: [Double]) throws -> RunComparison {
        let run = { (lengths: [Double]) in
            var results = try results()
            results.cells[0].measures = lengths.enumerated().map { place, length in
                MeasureResult(
                    name: "w\(place)", value: .window(Bracket(lower: length - 0.004, upper: length, seenOpen: true)), evidence: [])
            }
            return results
        }
        return RunComparison(old: try run(old), new: try run(new))
    }

    @Test("Where windows stay where they were, 5 ms are told from 25; where all of them move, only from 100")
    func quietAndBusy() throws {
        let quiet = Array(repeating: 0.005, count: 20)
        #expect(try runs(quiet + [0.005], quiet + [0.025]).changes.map(\.name) == ["w20"])
        #expect(try runs(quiet + [0.005], quiet + [0.015]).changes == [])
        let busy = (0..<20).map { 0.005 + Double($0 % 3) * 0.008 }
        let noise = try runs(quiet + [0.005], busy + [0.025]).noise
        #expect(abs(noise.short - 0.048) < 1e-9)
        #expect(try runs(quiet + [0.005], busy + [0.025]).changes == [])
        #expect(try runs(quiet + [0.005], busy + [0.1]).changes.map(\.name) == ["w20"])
    }

    @Test("A few windows that became longer are no noise")
    func few() throws {
        let before = Array(repeating: 0.005, count: 20)
        let after = before.enumerated().map { $0.offset < 9 ? 0.105 : $0.element }
        let comparison = try runs(before, after)
        #expect(comparison.noise.short == 0.01)
        #expect(comparison.changes.count == 9)
    }

    @Test("What a probe leaves open itself is no change")
    func wide() throws {
        var first = try results(), second = first
        first.cells[0].measures[0].value = .window(Bracket(lower: 0.1, upper: 0.2, seenOpen: true))
        second.cells[0].measures[0].value = .window(Bracket(lower: 0.28, upper: 0.38, seenOpen: true))
        #expect(RunComparison(old: first, new: second).changes == [])
        second.cells[0].measures[0].value = .window(Bracket(lower: 0.36, upper: 0.46, seenOpen: true))
        #expect(RunComparison(old: first, new: second).changes.count == 1)
    }

    @Test("An hour, and a year, are told from half a minute less, and not from five seconds", arguments: [3600.0, 31_536_000])
    func long(_ length: Double) throws {
        let same = Array(repeating: length, count: 8)
        #expect(try runs(same + [length], same + [length - 4]).changes == [])
        #expect(try runs(same + [length], same + [length - 30]).changes.map(\.name) == ["w8"])
        #expect(try runs([1.5], [1.2]).changes.count == 1)
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
