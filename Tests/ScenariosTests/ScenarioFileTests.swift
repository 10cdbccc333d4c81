import Scenarios
import Testing

@Suite struct ScenarioFileTests {
    @Test func `a story is read by the schema's types`() throws {
        let story = try ScenarioFile.read(goodStory, id: "revocation/x", file: "x.yaml")
        #expect(story.id == "revocation/x")
        #expect(story.teaches == "A signed token is a promise the issuer cannot take back.")
        #expect(story.timed)
        #expect(story.movesClock)
        #expect(story.world == .ensemble)
        #expect(story.steps.map(\.line) == [8, 9, 10, 12, 13, 14, 15, 16, 17, 18])
        #expect(story.steps[0].verb == .issue(credential: "alice", as: nil, succeeds: nil, lifetime: 7_776_000, scopes: ["mcp:read"]))
        #expect(story.steps[2].say == "Both open the door.")
        #expect(
            story.steps[4].verb
                == .call(
                    as: "again", with: ["alice"], over: .kept, connection: "kept", tool: "canary.read", times: 3, by: .probe,
                    processes: nil))
        #expect(story.steps[8].verb == .clock(as: nil, move: nil, to: Instant(anchor: "alice.expiry", plus: -1), optional: nil))
        #expect(story.expect[0].form == .window(calls: "fresh", twin: nil, from: Instant(anchor: "revoked"), atMost: nil, promise: true))
        #expect(story.expect[1].onlyFor == ["api-key"])
        #expect(story.measures[0].form == .window(calls: "fresh", from: Instant(anchor: "revoked")))
    }

    @Test func `a probe beside another takes over its pace`() throws {
        let story = try ScenarioFile.read(goodStory, id: "x", file: "x.yaml")
        guard case .probe(let probe) = story.steps[7].verb else { Issue.record("no probe"); return }
        #expect(probe.every == 0.005)
        #expect(probe.atMost == 0.2)
        #expect(probe.over == .resumedSession)
        #expect(probe.connection == "kept")
    }

    @Test func `a battery's claims become JSON text, and a tilde removes a claim`() throws {
        let battery = try ScenarioFile.read(goodBattery, id: "x", file: "x.yaml").battery
        #expect(battery?.cases[0].bends == [.claims(["exp": "\"now-10m\"", "aud": nil, "n": "5", "s": "\"5\""])])
        #expect(battery?.cases[1].bends == [.absent])
    }

    @Test func `scenario and scheme survive their embedding in a trace`() throws {
        for text in [goodStory, goodBattery] {
            let scenario = try ScenarioFile.read(text, id: "x", file: "x.yaml")
            #expect(try Scenario(json: scenario.json()) == scenario)
        }
        let scheme = try SchemeFile.read(goodScheme, id: "api-key", file: "x.yaml")
        #expect(try Scheme(json: scheme.json()) == scheme)
    }

    static let broken: [(String, String, [String])] = [
        (
            "teaches: >", "teachs: >",
            ["1:1: missing key 'teaches' in the scenario", "2:1: unknown key 'teachs' in the scenario (did you mean 'teaches'?)"]
        ),
        ("timed: yes", "timed: on", ["6:8: expected 'yes', 'no', 'true' or 'false', not 'on' (did you mean 'no'?)"]),
        ("timed: yes", "timed: yes\ntitle: again", ["1:1: duplicate key 'title' in one mapping"]),
        ("lifetime: 90d", "lifetime: 1:30", ["8:44: expected a duration such as 5ms, 2s, 10m, 1h or 90d, not '1:30'"]),
        ("lifetime: 90d", "lifetime: &a 90d", ["8:44: anchors and aliases are not allowed; write the value out"]),
        ("lifetime: 90d", "lifetime: !!str 90d", ["8:44: tags are not allowed; the type follows from the key"]),
        ("lifetime: 90d", "lifetime: *nobody", ["8:44: not YAML: found undefined alias"]),
        ("- revoke: ", "- revok: ", ["14:5: unknown verb 'revok' (did you mean 'revoke'?)"]),
        ("- revoke: {", "- revoke: [", ["14:46: not YAML: did not find expected ',' or ']'"]),
        (
            "as: revoked, credential: alice", "as: revoked, credental: alice",
            ["14:13: missing key 'credential' in 'revoke'", "14:28: unknown key 'credental' in 'revoke' (did you mean 'credential'?)"]
        ),
        ("through: wiretap", "through: wiretapp", ["12:48: expected 'direct' or 'wiretap', not 'wiretapp' (did you mean 'wiretap'?)"]),
        ("times: 3", "times: 0x3", ["13:45: expected a whole number from 1 to 10000, not '0x3'"]),
        (
            "over: resumed kept", "over: on the moon",
            ["16:47: expected 'new-connection', 'replica', a connection's name, or 'resumed' and a connection's name, not 'on the moon'"]
        ),
        (
            "to: alice.expiry-1s", "to: alice.death",
            ["17:19: expected an instant such as revoked, revoked+promise or alice.expiry-1s, not 'alice.death'"]
        ),
        ("at-most: promise", "at-most: soon", ["21:54: expected a duration such as 5ms, 2s, 10m, 1h or 90d, or 'promise', not 'soon'"]),
        ("[revoked, expired]", "[revoked, dead]", ["24:49: expected \(reasons), not 'dead'"]),
        (
            "calls: fresh, because", "calls: fresh.friend, because",
            ["24:23: expected a set of calls: a step's name, or NAME.twin, not 'fresh.friend'"]
        ),
        (
            "bites:   server/ignores-revocation", "bites:   ignores-revocation",
            ["26:14: expected a defect's id such as server/ignores-exp, not 'ignores-revocation'"]
        ),
        (
            "- say: Both open the door.\n    call:", "- say: Both open the door.\n    stop: { load: x }\n    call:",
            ["12:5: a step has one verb; 'call' stands beside 'stop'"]
        ),
    ]

    static let reasons: String = {
        let words = ReasonWord.allCases.map { "'\($0.rawValue)'" }
        return words.dropLast().joined(separator: ", ") + " or 'tenant'"
    }()

    @Test(arguments: broken) func `a mistake is told with its place and what was expected`(_ row: (String, String, [String])) {
        #expect(goodStory.contains(row.0), "the fixture has no '\(row.0)'")
        #expect(mistakes(inScenario: goodStory.replacing(row.0, with: row.1, maxReplacements: 1)) == row.2)
    }

    @Test func `all mistakes of a file are told at once`() {
        let text = goodStory.replacing("timed: yes", with: "timed: maybe").replacing("lifetime: 90d", with: "lifetime: long")
            .replacing("by: process", with: "by: proces")
        #expect(mistakes(inScenario: text).map { $0.prefix { $0 != ":" } } == ["6", "8", "18"])
    }

    @Test(arguments: [
        ("", "1:1: the file is empty"),
        ("\u{FEFF}", "1:1: the file is empty"),
        ("- a\n", "1:1: expected a mapping for the scenario, such as { key: value }"),
        ("title: a\n---\ntitle: b\n", "2:1: not YAML: but found another document"),
        ("title: \"a\n", "2:1: not YAML: found unexpected end of stream"),
    ])
    func `a file that is no scenario is told as such`(_ text: String, _ expected: String) {
        #expect(mistakes(inScenario: text).first == expected)
    }

    @Test func `a file of hostile size or depth is refused and not read`() {
        #expect(mistakes(inScenario: String(repeating: "a", count: 300_000)) == ["1:1: the file is larger than 256 KiB"])
        #expect(mistakes(inScenario: String(repeating: "[", count: 100_000)).count == 1)
    }

    @Test(arguments: [
        (
            "bend: absent", "bend: { key: truncated, signature: none }",
            "8:47: one fault a case, not 'key' and 'signature'"
        ),
        (
            "bend: absent", "bend: { binding: othr }",
            "8:58: expected 'none', 'other', 'renewed', 'hexadecimal', 'padded', 'other-member', 'empty' or 'key-only', not 'othr' (did you mean 'other'?)"
        ),
        ("baseline: alice\n", "", "1:1: missing key 'baseline' in the scenario"),
    ])
    func `a battery bends one thing a case`(_ old: String, _ new: String, _ expected: String) {
        #expect(mistakes(inScenario: goodBattery.replacing(old, with: new)) == [expected])
    }

    @Test func `what an issuer is asked stands in a world of its own`() throws {
        let asked = goodBattery.replacing("bend: absent", with: "bend: { redemption: [again, late] }, error: invalid_grant")
        #expect(mistakes(inScenario: asked).contains { $0.contains("belongs into the world 'issuer-bench'") })
        let alone = """
            title: A code
            teaches: Good once.
            schemes: oauth-code
            world: issuer-bench
            issuer: { private-documents: no }
            baseline: alice
            cases:
              - { check: code.again, title: again, bend: { redemption: [again, late] }, error: invalid_grant, bites: issuer/x }
            """
        let scenario = try ScenarioFile.read(alone, id: "x", file: "x.yaml")
        #expect(scenario.world == .issuerBench)
        #expect(scenario.issuer == IssuerSettings(privateDocuments: false))
        // A code that is late is one after the clock has moved.
        #expect(scenario.movesClock)
        let item = try #require(scenario.battery?.cases.first)
        #expect(item.bends == ["again", "late"].map { .issuing(IssuerAct(place: .redemption, how: $0)) })
        #expect(item.errors == ["invalid_grant"])
        #expect(try !ScenarioFile.read(alone.replacing(", late", with: ""), id: "x", file: "x.yaml").movesClock)
        #expect(mistakes(inScenario: alone.replacing("again, late", with: "agian")).first?.contains("did you mean 'again'?") == true)
    }
}
