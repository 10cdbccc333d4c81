import Judge
import Scenarios
import Trace

/// Alice is revoked, bob is her twin.
let revocationStory = """
    title: Revoke a credential
    teaches: It ends.
    schemes: [api-key, oauth-jwt, mtls]
    steps:
      - issue:  { credential: alice }
      - issue:  { credential: bob }
      - say: Both open the door.
        call:   { as: before, with: [alice, bob] }
      - revoke: { as: revoked, credential: alice }
      - probe:  { as: fresh, with: alice, twin: bob, every: 5ms, at-most: 200ms, until: refused }
    expect:
      - { check: story.both-welcome, accepted: { calls: before }, bites: [server/x] }
      - { check: story.takes-effect, window: { calls: fresh, from: revoked, at-most: promise }, bites: [server/x] }
      - { check: story.stays, refused: { calls: fresh, because: [revoked, expired], from: first-refused }, bites: [server/x] }
      - { check: story.nobody-dropped, never: { outcome: dropped, calls: fresh }, bites: [server/x] }
      - { check: story.one-accepted, count: { calls: fresh, outcome: accepted, exactly: 1 }, bites: [server/x] }
      - { check: story.alone, refused: { calls: fresh, twin: before, because: revoked, from: revoked+100ms }, bites: [server/x] }
    measure:
      - { name: window-fresh, window: { calls: fresh, from: revoked } }
      - { name: refused-fresh, count: { calls: fresh, outcome: refused } }
      - { name: lifetime, fact: alice.lifetime }
    """

/// What a right server shows: one call slips through in the first milliseconds, then alice is out and bob is not.
func revocationTrace(_ scheme: Scheme = .keys) throws -> TraceBuilder {
    var trace = try TraceBuilder(revocationStory, scheme)
    trace.fact("alice.lifetime", 3600)
    trace.fact("alice.expiry", 3600)
    trace.step(0, at: 5)
    trace.step(1, at: 10)
    trace.call("before", .accepted, at: 20)
    trace.call("before", .accepted, at: 30, by: "bob")
    trace.step(2, at: 40)
    trace.step(3, at: 100)
    trace.call("fresh", .accepted, at: 101, by: "bob", twin: true)
    trace.call("fresh", .accepted, at: 105)
    trace.call("fresh", .refused, at: 110, reason: "revoked")
    trace.call("fresh", .refused, at: 115, reason: "revoked")
    trace.call("fresh", .refused, at: 205, reason: "revoked")
    trace.call("fresh", .accepted, at: 210, by: "bob", twin: true)
    trace.step(4, at: 220)
    trace.end()
    return trace
}

func judged(_ trace: TraceBuilder, requirements: [Requirement] = []) throws -> CellResult {
    let results = try Judge.judge(try TraceReader.read(try trace.text()), requirements: requirements)
    return results.cells[0]
}

/// `check: verdict` of every check.
func verdicts(_ cell: CellResult) -> [String: Verdict] {
    Dictionary(uniqueKeysWithValues: cell.checks.map { (String($0.check.dropFirst("story.".count)), $0.verdict) })
}

/// The checks whose verdict is another than in the unedited trace.
func changed(_ edit: (inout TraceBuilder) -> Void, _ scheme: Scheme = .keys) throws -> [String: Verdict] {
    var trace = try revocationTrace(scheme)
    let before = verdicts(try judged(trace))
    edit(&trace)
    return verdicts(try judged(trace)).filter { before[$0.key] != $0.value }
}
