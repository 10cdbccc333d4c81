import Judge
import Scenarios
import Testing
import Trace

/// A stream that must end with its credential, beside one that goes on.
private let streamStory = """
    title: A stream
    teaches: It ends.
    schemes: [api-key]
    steps:
      - issue: { credential: alice }
      - issue: { credential: bob }
      - load:  { as: heard, with: alice, rate: 20/s, over: stream }
      - load:  { as: others, with: bob, rate: 20/s, over: stream }
      - hold:  { as: over, for: 1s }
      - stop:  { load: heard }
      - stop:  { load: others }
    expect:
      - { check: story.ends, window: { calls: heard, twin: others, from: over, at-most: 500ms }, bites: [server/x] }
      - { check: story.counted, count: { fact: heard.token-requests, exactly: 1 }, bites: [server/x] }
    """

@Suite struct WindowTwinTests {
    private func trace(last: Int, others: ClosedRange<Int>, ends: Bool = true) throws -> TraceBuilder {
        var trace = try TraceBuilder(streamStory)
        for index in 0...3 { trace.step(index, at: 10 + index) }
        trace.fact("heard.token-requests", 1, unit: "requests")
        trace.step(4, at: 1000)
        for at in stride(from: 50, through: last, by: 50) { trace.call("heard", .accepted, at: at) }
        if ends { trace.call("heard", .refused, at: last + 50, reason: "expired") }
        for at in stride(from: others.lowerBound, through: others.upperBound, by: 50) { trace.call("others", .accepted, at: at, by: "bob") }
        trace.step(5, at: 3000)
        trace.step(6, at: 3001)
        trace.end(at: 3100)
        return trace
    }

    private func ends(_ trace: TraceBuilder) throws -> Verdict? { verdicts(try judged(trace))["ends"] }

    @Test func `a stream that ends within the time, beside one that goes on, passes`() throws {
        #expect(try ends(trace(last: 1000, others: 50...2000)) == .pass)
        #expect(try ends(trace(last: 1400, others: 50...2000)) == .pass)
    }

    @Test func `one that goes on is red`() throws {
        #expect(try ends(trace(last: 1600, others: 50...2000)) == .fail)
        #expect(try ends(trace(last: 2500, others: 50...2500, ends: false)) == .fail)
    }

    @Test func `where the twin ends too, or was never open, nothing is shown`() throws {
        #expect(try ends(trace(last: 1000, others: 50...900)) == .inconclusive)
        #expect(try ends(trace(last: 1000, others: 1100...2000)) == .inconclusive)
    }

    @Test func `one that ended before the instant was over is closed from there on`() throws {
        #expect(try ends(trace(last: 900, others: 50...2000)) == .pass)
        let cell = try judged(trace(last: 900, others: 50...2000))
        #expect(cell.checks[0].why == "closed after 0 ms, promised at most 500 ms")
        #expect(try ends(trace(last: 900, others: 50...800)) == .inconclusive)
    }

    @Test func `one of which no end was seen decides nothing`() throws {
        #expect(try ends(trace(last: 1000, others: 50...2000, ends: false)) == .inconclusive)
    }

    @Test func `a step's fact is decided once the step was played`() throws {
        var trace = try trace(last: 1000, others: 50...2000)
        #expect(verdicts(try judged(trace))["counted"] == .pass)
        trace.drop { [3, 4, 5, 6].contains($0.step?.index) }
        trace.fault("the server died")
        let early = verdicts(try judged(trace))
        // The load is over only when it was stopped.
        #expect(early == ["ends": .error, "counted": .error])
    }
}
