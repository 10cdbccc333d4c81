import Scenarios
import Testing

/// A story with clients in several processes, streams, faults and what the issuer is shown again.
private let story = """
    title: Many clients
    teaches: One at a time.
    schemes: [oauth-code]
    server: { jwks-max-age: 1s, jwks-outage: 2m, introspection-cache: 0s }
    steps:
      - issue:  { credential: alice }
      - issue:  { credential: bob }
      - call:   { as: first, with: alice, by: client, processes: 8 }
      - load:   { as: heard, with: alice, rate: 20/s, over: stream }
      - fault:  { kind: issuer-answers-503, times: 2 }
      - renew:  { as: renewed, what: signing-key, overlap: 0s }
      - replay: { as: thief, of: alice, what: refresh-token }
      - replay: { as: again, of: bob, what: code, times: 3 }
      - stop:   { load: heard }
    expect:
      - check: x.ends
        window: { calls: heard, twin: first, from: renewed, at-most: 500ms }
        bites:  server/x
      - check: x.one
        count:  { fact: first.token-requests, exactly: 1 }
        bites:  server/x
    """

@Suite struct LongStoryTests {
    @Test func `processes, streams, faults and overlaps are read`() throws {
        let story = try ScenarioFile.read(story, id: "x/y", file: "x.yaml")
        #expect(story.server == ServerSettings(jwksMaxAge: 1, jwksOutage: 120, introspectionCache: 0))
        #expect(
            story.steps[2].verb
                == .call(
                    as: "first", with: ["alice"], over: .newConnection, connection: nil, tool: "canary.read", times: 1, by: .client,
                    processes: 8))
        #expect(story.steps[3].verb == .load(as: "heard", with: "alice", rate: 20, connections: 1, over: .stream))
        #expect(story.steps[4].verb == .fault(as: nil, kind: .issuerAnswers503, times: 2))
        #expect(story.steps[5].verb == .renew(what: .signingKey, as: "renewed", overlap: 0))
        #expect(
            story.steps[6].verb == .replay(as: "thief", of: "alice", what: .refreshToken, listener: .tls, times: 1, by: .connection))
        #expect(
            story.expect[0].form
                == .window(calls: "heard", twin: "first", from: Instant(anchor: "renewed"), atMost: 0.5, promise: false))
        #expect(try Scenario(json: story.json()) == story)
    }

    @Test(arguments: [
        (", by: client, processes: 8", ", processes: 8", "8:50: only clients come as several processes: it needs 'by: client'"),
        ("processes: 8", "processes: 1", "8:62: expected a whole number from 2 to 64, not '1'"),
        ("processes: 8", "processes: many", "8:62: expected a whole number from 2 to 64, not 'many'"),
        ("over: stream", "over: streams", "9:57: expected 'calls', 'stream' or 'new-connections', not 'streams' (did you mean 'stream'?)"),
        ("rate: 20/s,", "rate: 20/s, connections: 2,", "9:64: a stream has one connection"),
        (
            "kind: issuer-answers-503, times: 2", "kind: issuer-stopped, times: 2",
            "10:44: who is stopped stays so until 'restart'"
        ),
        ("times: 2 }", "times: 0 }", "10:48: expected a whole number from 1 to 1000, not '0'"),
        ("overlap: 0s", "overlap: none", "11:56: expected a duration such as 5ms, 2s, 10m, 1h or 90d, not 'none'"),
        (
            "what: refresh-token", "what: token",
            "12:43: expected 'bytes', 'header', 'key', 'early-data', 'refresh-token' or 'code', not 'token'"
        ),
        ("jwks-max-age: 1s", "jwks-max-age: 1500ms", "4:25: expected whole seconds from 1s to 86400s, not '1500ms'"),
        ("jwks-outage: 2m", "jwks-outage: 2d", "4:42: expected whole seconds from 0s to 86400s, not '2d'"),
        (
            "jwks-outage: 2m", "jwks-outrage: 2m", "4:29: unknown key 'jwks-outrage' in 'server' (did you mean 'jwks-outage'?)"
        ),
        ("{ jwks-max-age: 1s, jwks-outage: 2m, introspection-cache: 0s }", "{}", "4:9: 'server' says nothing; leave it out"),
    ])
    func `a mistake in them is told with its place`(_ old: String, _ new: String, _ expected: String) {
        #expect(story.contains(old))
        #expect(mistakes(inScenario: story.replacing(old, with: new)) == [expected])
    }

    @Test func `a scheme says whose tokens they are`() throws {
        let text = goodScheme.replacing("server: api-key", with: "server: oauth-jwt\ngrant: authorization-code")
        #expect(try SchemeFile.read(text, id: "x", file: "x").grant == "authorization-code")
        #expect(try SchemeFile.read(goodScheme, id: "x", file: "x").grant == nil)
        let wrong = text.replacing("authorization-code", with: "implicit")
        #expect(
            mistakes { () throws(SourceErrors) in _ = try SchemeFile.read(wrong, id: "x", file: "x") }
                == ["4:8: expected 'client-credentials' or 'authorization-code', not 'implicit'"])
    }
}
