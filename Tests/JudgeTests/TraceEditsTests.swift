import Judge
import Scenarios
import Testing
import Trace

@Suite struct TraceEditsTests {
    func findings(_ trace: TraceBuilder) throws -> [TraceEdits.Finding] {
        try TraceEdits.judge(try TraceReader.read(try trace.text()), requirements: [])
    }

    @Test func `each check that passes falls to an edit, and is named with it`() throws {
        let findings = try findings(try BatteryJudgeTests().trace())
        #expect(findings.map(\.check) == ["client.server-name@oauth-jwt", "token.expired@oauth-jwt"])
        #expect(findings.map(\.edit) == ["what was refused is accepted", "what was refused is accepted"])
    }

    @Test func `a check that does not pass is not tried`() throws {
        var trace = try BatteryJudgeTests().trace()
        trace.edit {
            $0.set == "token.expired" && !$0.twin
        } change: {
            $0.outcome = .accepted
        }
        #expect(try findings(trace).map(\.check) == ["client.server-name@oauth-jwt"])
    }

    @Test func `a check that holds whatever happened falls to none`() throws {
        let story = """
            title: Nothing is asked
            teaches: A number without a bound.
            schemes: [api-key]
            steps:
              - issue: { credential: alice }
              - call:  { as: before, with: alice }
            expect:
              - check: a.number
                count: { fact: before.writes, at-least: 0 }
                bites: server/x
            """
        var trace = try TraceBuilder(story)
        trace.step(0, at: 1)
        trace.call("before", .accepted, at: 2)
        trace.step(1, at: 4)
        trace.fact("before.writes", 3, unit: "writes")
        trace.end()
        #expect(try findings(trace) == [TraceEdits.Finding(check: "a.number@api-key", edit: nil)])
    }
}
