import Judge
import Testing

@Suite("What is played ahead")
struct ProofAheadTests {
    typealias Ahead = ProofAhead<String, Int>

    @Test("What was done ahead is there when it is asked for, once")
    func done() {
        var ahead = Ahead()
        ahead.begin("a")
        let isWaitedFor = ahead.end("a", 1)
        #expect(!isWaitedFor)
        guard case .done(1) = ahead.take("a") else { Issue.record("it was done"); return }
        guard case .unknown = ahead.take("a") else { Issue.record("asked for again, it is to be played again"); return }
        let isTaken = ahead.end("a", 2)
        #expect(isTaken)
    }

    @Test("What is under way when it is asked for goes to whoever asked")
    func underWay() {
        var ahead = Ahead()
        ahead.begin("a")
        guard case .underWay = ahead.take("a") else { Issue.record("it has begun"); return }
        guard case .unknown = ahead.take("a") else { Issue.record("a second one is another"); return }
        let isTaken = ahead.end("a", 1)
        #expect(isTaken)
        guard case .unknown = ahead.take("a") else { Issue.record("it went to the first"); return }
    }

    @Test("What nobody began is unknown, and comes back to whoever played it")
    func unknown() {
        var ahead = Ahead()
        guard case .unknown = ahead.take("a") else { Issue.record("nobody began it"); return }
        let isTaken = ahead.end("a", 1)
        #expect(isTaken)
    }
}
