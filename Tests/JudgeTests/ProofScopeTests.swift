import Judge
import Scenarios
import Testing

@Suite("Where defects could show")
struct ProofScopeTests {
    static func story(_ id: String, _ more: String = "", expect: String) throws -> Scenario {
        let text = """
            title: A story
            teaches: It flows.
            schemes: [api-key, oauth-jwt]
            \(more)
            steps:
              - issue: { credential: alice }
              - call:  { as: calls, with: alice }
            expect:
              - { check: \(expect), accepted: { calls: calls }, bites: [server/x] }
            """
        return try ScenarioFile.read(text, id: id, file: "x.yaml")
    }

    static func battery() throws -> Scenario {
        let text = """
            title: One thing wrong
            teaches: Each alone.
            schemes: [oauth-jwt, layered]
            world: bench
            baseline: alice
            cases:
              - { check: token.expired, title: expired, bend: { claims: { exp: now-10m } }, because: expired, bites: server/x }
              - { check: token.elsewhere, title: not here, schemes: [layered], bend: absent, because: missing, bites: server/x }
            """
        return try ScenarioFile.read(text, id: "tokens/one", file: "x.yaml")
    }

    static func places() throws -> [ProofPlace] {
        let (first, second) = (try story("a/first", expect: "first.works"), try story("a/second", expect: "second.works"))
        return [
            ProofPlace(first, .keys), ProofPlace(first, .tokens), ProofPlace(second, .keys), ProofPlace(second, .tokens),
            ProofPlace(try battery(), .tokens),
        ]
    }

    func touched(_ defect: Defect, quick: Bool = false) throws -> [String] {
        ProofScope(try Self.places(), quick: quick).places(touchedBy: defect).map(\.id)
    }

    @Test("Whatever its subject takes part in, in the schemes of its kill set; or where that is decided alone")
    func server() throws {
        let defect = Defect(id: "server/x", role: .server, bends: "", kills: [], killsByScheme: ["oauth-jwt": ["first.works"]])
        #expect(try touched(defect) == ["a/first@oauth-jwt", "a/second@oauth-jwt", "tokens/one@oauth-jwt"])
        #expect(try touched(defect, quick: true) == ["a/first@oauth-jwt"])
    }

    @Test("An issuer is looked for where somebody shows its tokens, and in the worlds in which it is caught")
    func issuer() throws {
        #expect(
            try touched(Defect(id: "issuer/x", role: .issuer, bends: "", kills: ["second.works"])) == [
                "a/first@oauth-jwt", "a/second@oauth-jwt",
            ])
        #expect(try touched(Defect(id: "client/x", role: .client, bends: "", kills: ["second.works"])) == [])
    }

    @Test("What is decided in no place touches nothing, and a sentinel its few")
    func nowhere() throws {
        #expect(try touched(Defect(id: "server/x", role: .server, bends: "", kills: ["token.elsewhere"])) == [])
        let sentinel = Defect(id: "sentinel/dead", role: .server, bends: "", kills: [])
        let few = ProofPlace(try Self.story("rotation/under-load", expect: "first.works"), .keys)
        let scope = ProofScope(try Self.places() + [few], quick: false)
        #expect(scope.places(touchedBy: sentinel).map(\.id) == ["rotation/under-load@api-key"])
    }

    @Test("The kill set counts as far as it is decided in the place")
    func kills() throws {
        let scope = ProofScope(try Self.places(), quick: false)
        let defect = Defect(id: "server/x", role: .server, bends: "", kills: ["first.works", "token.expired", "token.elsewhere"])
        #expect(
            try Self.places().map { scope.kills(defect, in: $0) } == [
                ["first.works@api-key"], ["first.works@oauth-jwt"], [], [], ["token.expired@oauth-jwt"],
            ])
    }

    @Test("A battery is played by its cases, and a story as a whole")
    func parts() throws {
        let places = try Self.places()
        #expect(places[4].parts == ["token.expired"])
        #expect(places[4].decided(by: "token.expired") == ["token.expired@oauth-jwt"])
        #expect(places[0].parts.count == 1)
        #expect(places[0].decided(by: places[0].parts[0]) == ["first.works@api-key"])
        #expect([Subject.Role.server, .issuer, .client].map(places[4].plays) == [true, false, false])
        #expect([Subject.Role.server, .issuer, .client].map(places[0].plays) == [true, false, false])
    }

    @Test("Loads are calmer and looks are fewer while checks are proven, and calm ones as they are")
    func calmer() throws {
        let text = """
            title: A load
            teaches: It flows.
            schemes: [api-key]
            steps:
              - issue: { credential: alice }
              - load:  { as: traffic, with: alice, rate: 200/s, connections: 8 }
              - load:  { as: newcomers, with: alice, rate: 25/s, over: new-connections }
              - stop:  { load: traffic }
              - stop:  { load: newcomers }
              - issue: { credential: bob }
              - probe: { as: often, with: alice, twin: bob, every: 50ms, at-most: 3s, until: refused }
              - connect: { as: tapped, with: alice, through: wiretap, listener: tls }
              - replay: { as: again, of: tapped, what: header, listener: tls, times: 20, by: process }
              - probe: { as: seldom, with: alice, twin: bob, every: 50ms, at-most: 100ms, until: refused }
              - probe: { as: leaping, with: alice, twin: bob, every: 10ms, at-most: 150ms, until: refused, leap: yes }
              - probe: { as: edge, with: alice, twin: bob, around-expiry: 3s }
            expect:
              - { check: story.load-was-real, count: { outcome: accepted, calls: traffic, at-least: 95% }, bites: [server/x] }
            """
        let scenario = try ScenarioFile.read(text, id: "a/load", file: "x.yaml")
        let calmer = scenario.calmer
        guard case .load(_, _, let rate, let connections, _) = calmer.steps[1].verb else { Issue.record("no load"); return }
        #expect((rate, connections) == (50, 2))
        #expect(calmer.steps[2] == scenario.steps[2])
        guard case .probe(let often) = calmer.steps[6].verb else { Issue.record("no probe"); return }
        #expect((often.every, often.atMost) == (0.5, 3))
        guard case .replay(_, _, _, _, let times, _) = calmer.steps[8].verb else { Issue.record("no replay"); return }
        #expect(times == 3)
        #expect(calmer.steps[9] == scenario.steps[9])
        guard case .probe(let leaping) = calmer.steps[10].verb else { Issue.record("no probe"); return }
        #expect(abs(leaping.every - 0.05) < 1e-9)
        guard case .probe(let edge) = calmer.steps[11].verb else { Issue.record("no probe"); return }
        #expect(edge.aroundExpiry == 2)
        #expect(calmer.calmer == calmer)
    }
}
