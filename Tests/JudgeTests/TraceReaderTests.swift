import Judge
import Scenarios
import Testing
import Trace

@Suite struct TraceReaderTests {
    @Test func `a whole trace is read without remark`() throws {
        let trace = try TraceReader.read(try revocationTrace().text())
        #expect(trace.truncated == nil)
        #expect(trace.run.era == "2026-07-28")
    }

    @Test func `a last line cut short is told, and the rest is judged`() throws {
        let text = try revocationTrace().text()
        let lines = text.split(separator: "\n").count
        let trace = try TraceReader.read(String(text.dropLast(20)))
        #expect(trace.events.count == lines - 1)
        #expect(trace.truncated == "the last line is cut short; judged are the \(lines - 1) events before it")
        let results = try Judge.judge(trace, requirements: [])
        #expect(results.incomplete == trace.truncated)
        #expect(results.hasFindings)
        #expect(results.cells[0].checks.allSatisfy { $0.verdict == .pass })
    }

    @Test func `a trace that ends in the middle of a story leaves the rest undecided as the bed's error`() throws {
        let lines = try revocationTrace().text().split(separator: "\n").prefix(8)
        let results = try Judge.judge(try TraceReader.read(lines.joined(separator: "\n") + "\n"), requirements: [])
        #expect(results.incomplete == "the run did not end; judged are the 8 events that were written")
        #expect(results.cells[0].checks[1].verdict == .error)
        #expect(results.cells[0].checks[1].why == "the cell was cut short")
    }

    @Test(arguments: [
        ("", 0, "the trace is empty"),
        ("hello\n", 1, "not a trace: the first line must say which run it is"),
        ("{\"n\":1,\"at\":0,\"run\":{\"format\":7}}\n", 1, "the trace has format 7; this authbed reads format 2"),
    ])
    func `what is no trace of this format is refused`(_ text: String, _ line: Int, _ message: String) {
        #expect(throws: TraceError(line: line, message: message)) { try TraceReader.read(text) }
    }

    @Test func `a lost line and a broken one are told by their number`() throws {
        var lines = try revocationTrace().text().split(separator: "\n").map(String.init)
        lines.remove(at: 4)
        #expect(throws: TraceError(line: 5, message: "event 6 stands where event 5 was expected: lines were lost")) {
            try TraceReader.read(lines.joined(separator: "\n") + "\n")
        }
        lines[4] = "{\"n\":5,\"call\":{}}"
        #expect(throws: TraceError(line: 5, message: "not an event: 'at' is missing")) {
            try TraceReader.read(lines.joined(separator: "\n") + "\n")
        }
    }
}
