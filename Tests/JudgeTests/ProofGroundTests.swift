import Judge
import Scenarios
import Testing
import Trace

@Suite("What the right subjects have shown") struct ProofGroundTests {
    static func step(_ label: String, seconds: Double) -> TraceEvent {
        WatchLogTests.event {
            $0.step = StepEvent(index: 0, verb: "case", say: nil, label: label, begin: 0, end: Int64(seconds * 1e9), clock: 0)
        }
    }

    @Test("A part takes what the whole takes without the other cases")
    func times() {
        var times = PlayTimes()
        times.note("a", whole: 10, events: [Self.step("one", seconds: 3), Self.step("two", seconds: 4), Self.step("two", seconds: 1)])
        #expect(times.seconds("a", ["one", "two"]) == 10)
        #expect(times.seconds("a", ["one"]) == 5)
        #expect(times.seconds("a", ["story"]) == 2)
        #expect(times.seconds("b", ["one"]) == 1)
    }

    @Test("A defect acts in the cases that its subject tells of, in the whole of a story, and anywhere where nobody has watched")
    func acting() throws {
        let (story, battery) = (try ProofScopeTests.places()[0], try ProofScopeTests.places()[4])
        let events = [WatchLogTests.event { $0.call = WatchLogTests.call("token.expired", "r", bent: true) }]
        let log = "bends: server/x wraps key\nacts: server/x in r"
        var acting = ActingDefects()
        acting.note(battery, log: log, events: events)
        acting.note(story, log: log, events: events)
        #expect(acting.parts("server/x", in: battery.id) == ["token.expired"])
        #expect(acting.parts("server/x", in: story.id) == Set(story.parts))
        #expect(acting.parts("server/y", in: battery.id) == [])
        #expect(acting.bendings(in: battery.id) == Bendings(["server/x": ["key": .wraps]]))
        #expect(!acting.actsAtFirstOnly("server/x", in: battery.id))
        acting.note(
            story, log: "acts: server/x in s", events: [WatchLogTests.event { $0.call = WatchLogTests.call("smoke", "s", bent: true) }])
        #expect(acting.actsAtFirstOnly("server/x", in: story.id))
        acting.forget(story.id)
        #expect(!acting.actsAtFirstOnly("server/x", in: story.id))
        acting.forget(battery.id)
        #expect(acting.parts("server/x", in: battery.id) == nil)
        #expect(acting.parts("server/x", in: "elsewhere") == nil)
        #expect(acting.bendings(in: "elsewhere") == Bendings())
    }
}
