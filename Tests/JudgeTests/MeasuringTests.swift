import Judge
import Scenarios
import Testing
import Trace

@Suite struct MeasuringTests {
    private static let story = """
        title: From nothing
        teaches: What it takes.
        schemes: [api-key]
        steps:
          - issue: { credential: alice }
          - call:  { as: served, with: [alice] }
        expect:
          - { check: story.served, accepted: { calls: served }, bites: [server/x] }
        measure:
          - { name: items, fact: effort.items }
        """

    private func measured(_ fill: (inout TraceBuilder) -> Void) throws -> MeasureResult.Value? {
        var trace = try TraceBuilder(Self.story, .keys)
        fill(&trace)
        trace.call("served", .accepted, at: 10)
        trace.step(0, at: 5)
        trace.step(1, at: 12)
        trace.end()
        return try judged(trace).measures.first?.value
    }

    @Test func `a figure that nobody could know does not arise, and one that was not found out is missing`() throws {
        #expect(try measured { $0.fact("effort.items", 3, unit: "items") } == .fact(3, unit: "items"))
        #expect(
            try measured { $0.notOffered("check", "it was not set up by the bed", check: "effort.items") }
                == .notOffered("it was not set up by the bed"))
        #expect(try measured { _ in } == .missing("the bed did not find out 'effort.items'"))
    }
}
