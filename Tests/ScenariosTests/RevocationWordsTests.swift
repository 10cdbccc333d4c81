import Scenarios
import Testing

private let story = """
    title: A list ends
    teaches: Something.
    schemes: [mtls-ocsp]
    server: { ocsp-max-age: 1h }
    steps:
      - issue:   { credential: alice }
      - publish: { as: short, list: expired, lifetime: 1h }
      - fault:   { as: down, kind: responder-stopped }
      - restart: { as: back, role: responder }
      - call:    { as: after, with: alice }
    expect:
      - check: x.counts
        accepted: { calls: after, from: short }
        bites: server/x
    """

private let battery = """
    title: Answers and lists
    teaches: Something.
    schemes: [mtls-ocsp]
    world: bench
    baseline: alice
    cases:
      - { check: x.answers, title: answers, bend: { ocsp: [revoked, slow] }, because: revoked, bites: server/x }
      - { check: x.lists, title: lists, bend: { revoked-under: delta }, because: revoked, at-most: { ocsp-questions: 1 }, bites: server/x }
    """

@Suite struct RevocationWordsTests {
    @Test func `what is published, stopped and started again is read`() throws {
        let story = try ScenarioFile.read(story, id: "x/y", file: "x.yaml")
        #expect(story.server?.ocspMaxAge == 3600)
        #expect(story.steps[1].verb == .publish(Verb.Publication(label: "short", list: "expired", lifetime: 3600)))
        #expect(story.steps[2].verb == .fault(as: "down", kind: .responderStopped, times: nil))
        #expect(story.steps[3].verb == .restart(role: "responder", as: "back"))
        #expect(try Scenario(json: story.json()) == story)
    }

    @Test func `answers and lists are bent, each a call of its own`() throws {
        let cases = try #require(try ScenarioFile.read(battery, id: "x/y", file: "x.yaml").battery).cases
        #expect(cases[0].bends == [.ocsp("revoked"), .ocsp("slow")])
        #expect(cases[1].bends == [.list(Bend.ListChange(caller: .revokedUnder, list: "delta"))])
        #expect(cases[1].atMost == ["ocsp-questions": 1])
    }

    @Test func `a scheme says whether its issuer is asked, and what silence means`() throws {
        let text = goodScheme.replacing("server: api-key", with: "server: mtls-ocsp\nocsp: soft")
        #expect(try SchemeFile.read(text, id: "x", file: "x").ocsp == "soft")
        #expect(try SchemeFile.read(goodScheme, id: "x", file: "x").ocsp == nil)
        #expect(
            mistakes { () throws(SourceErrors) in _ = try SchemeFile.read(text.replacing("soft", with: "maybe"), id: "x", file: "x") }
                == ["4:7: expected 'hard' or 'soft', not 'maybe'"])
    }

    @Test func `a mistake in a list's name is told`() {
        #expect(mistakes(inScenario: story.replacing("list: expired", with: "list: expird")).count == 1)
        #expect(mistakes(inScenario: story.replacing("role: responder", with: "role: lists")).count == 1)
    }
}
