import Judge
import Testing
import Trace

@Suite("Where a defect acts, as a watched subject tells")
struct WatchLogTests {
    static let cases = ["token.expired", "token.audience", "token.issuer"]

    /// Before and in each case: somebody who shows nothing, then the baseline, the bent call, and the baseline again. Requests
    /// that are not among the calls are those of which the trace knows nothing.
    static let events: [TraceEvent] = {
        var events = [event { $0.call = call("smoke", "s", bent: true) }]
        for (number, check) in cases.enumerated() {
            events.append(event { $0.call = call(check, "before-\(number)") })
            events.append(event { $0.call = call(check, "bent-\(number)", bent: true) })
            events.append(event { $0.call = call(check, "after-\(number)") })
        }
        events.append(event { $0.call = call("token.issuer", "127.0.0.1:4711") })
        events.append(
            event {
                var step = StepEvent(index: 1, verb: "case", say: nil, label: "token.audience", begin: 0, end: 1, clock: 0)
                step.requests = ["on-the-way"]
                $0.step = step
            })
        return events
    }()

    static func event(_ fill: (inout TraceEvent) -> Void) -> TraceEvent {
        var event = TraceEvent(n: 1, at: 0, cell: "a/b@c")
        fill(&event)
        return event
    }

    static func call(_ set: String, _ request: String, bent: Bool = false) -> CallEvent {
        var call = CallEvent(
            set: set, ordinal: 0, credential: "alice", twin: !bent, channel: "new-connection", tool: "canary.read", begin: 0, end: 1,
            clock: 0, outcome: .accepted, newConnection: true, resumed: false)
        if bent { call.fields = ["x-request-id": request] } else { call.request = request }
        return call
    }

    func cases(_ lines: String...) -> [String: Set<String>] {
        WatchLog(lines.joined(separator: "\n")).cases(Self.cases, Self.events)
    }

    @Test(
        "A call of a case, bent or not, a failed handshake and a request on the way belong to it",
        arguments: [
            ("bent-0", "token.expired"), ("after-1", "token.audience"), ("127.0.0.1:4711", "token.issuer"),
            ("on-the-way", "token.audience"),
        ])
    func known(request: String, check: String) {
        #expect(cases("acts: server/x in \(request)") == ["server/x": [check]])
    }

    @Test("A request of which nothing is known lies between the two that were told of around it")
    func between() {
        let same = cases("acts: server/x in before-1", "acts: server/y in unknown", "acts: server/x in bent-1")
        #expect(same["server/y"] == ["token.audience"])
        let next = cases("acts: server/x in after-0", "acts: server/y in unknown", "acts: server/x in before-1")
        #expect(next["server/y"] == ["token.expired", "token.audience"])
        let last = cases("acts: server/x in after-1", "acts: server/y in unknown")
        #expect(last["server/y"] == ["token.audience", "token.issuer"])
    }

    @Test("The right call between two cases belongs to both; what lies behind it belongs to the second alone, before it to the first")
    func shared() {
        let events =
            Self.events.filter { $0.call?.request != "after-0" && $0.call?.request != "before-1" } + [
                Self.event { $0.call = Self.call("token.expired", "between") },
                Self.event { $0.call = Self.call("token.audience", "between") },
            ]
        let found = WatchLog(
            "acts: server/x in bent-0\nacts: server/y in unknown\nacts: server/x in between\nacts: server/z in another\nacts: server/x in bent-1"
        ).cases(Self.cases, events)
        #expect(found["server/x"] == ["token.expired", "token.audience"])
        #expect(found["server/y"] == ["token.expired"])
        #expect(found["server/z"] == ["token.audience"])
    }

    @Test("What comes before the first case, or belongs to no request, may concern all of them")
    func everywhere() {
        #expect(cases("acts: server/y in unknown", "acts: server/x in before-0")["server/y"] == Set(Self.cases))
        #expect(cases("acts: server/x in bent-0", "acts: server/y")["server/y"] == Set(Self.cases))
    }

    @Test("What acts at first contact alone is seen with any case; what acts elsewhere, too, there")
    func atFirst() {
        let found = cases("acts: server/x in s", "acts: server/y in s", "acts: server/y in bent-2")
        #expect(found == ["server/x": ["token.expired"], "server/y": ["token.issuer"]])
    }

    @Test("What acts at first contact alone is told from what acts later, in a request that is known or in none")
    func atFirstOnly() {
        let log = WatchLog(
            ["w in s", "x in s", "x in bent-1", "y in unknown", "y in s", "z in s", "z"].map { "acts: server/\($0)" }.joined(
                separator: "\n"))
        #expect(log.atFirstOnly(Self.events) == ["server/w"])
    }

    @Test("Other lines are passed over")
    func others() {
        let log = WatchLog("{\"ready\":{}}\nacts: server/x\nthis acts: server/y\n\nacts: server/z in r\nacts:\n")
        #expect(log.defects == ["server/x", "server/z"])
    }

    @Test("What defects are made of is told piece by piece")
    func bendings() {
        let log = WatchLog(
            "bends: server/x drops peers.form\nacts: server/x\nbends: server/x wraps respond\nbends: server/y replaces peers.chain")
        #expect(log.bendings == ["server/x": ["peers.form": .drops, "respond": .wraps], "server/y": ["peers.chain": .replaces]])
        #expect(WatchLog("bends: server/x\nbends: server/x mends respond\nbends: server/x drops a b\n").bendings.isEmpty)
    }
}
