import Scenarios

/// A story that uses most of the format and is right.
let goodStory = """
    title: Revoke a credential
    teaches: >
      A signed token is a promise
      the issuer cannot take back.
    schemes: [api-key, oauth-jwt]
    timed: yes
    steps:
      - issue:  { credential: alice, lifetime: 90d, scopes: [mcp:read] }
      - issue:  { credential: bob }
      - say: Both open the door.
        call:   { as: before, with: [alice, bob] }
      - connect: { as: kept, with: alice, through: wiretap }
      - call:   { as: again, over: kept, times: 3 }
      - revoke: { as: revoked, credential: alice }
      - probe:  { as: fresh, with: alice, twin: bob, over: new-connection, every: 5ms, at-most: 200ms, until: refused, leap: yes }
      - probe:  { as: resumed, with: alice, over: resumed kept, beside: fresh }
      - clock:  { to: alice.expiry-1s }
      - replay: { as: replayed, of: kept, what: bytes, times: 20, by: process }
    expect:
      - check: revocation.takes-effect
        window:  { calls: fresh, from: revoked, at-most: promise }
        bites:   [server/ignores-revocation]
      - check: revocation.stays
        refused: { calls: fresh, because: [revoked, expired], from: revoked+promise }
        only-for: api-key
        bites:   server/ignores-revocation
    measure:
      - { name: window-fresh, window: { calls: fresh, from: revoked } }
    """

let goodBattery = """
    title: A token with one thing wrong
    teaches: One fault at a time.
    schemes: oauth-jwt
    world: bench
    baseline: alice
    cases:
      - { check: token.expired, title: expired, bend: { claims: { exp: now-10m, aud: ~, n: 5, s: "5" } }, because: expired, bites: server/ignores-times }
      - { check: token.absent, title: none, bend: absent, because: missing, bites: [server/needs-none] }
    """

let goodScheme = """
    title: An API key
    presents: [api-key]
    server: api-key
    lifetime: 90d
    revocation: { promise: 1s }
    not-offered: { renew: a key is not signed by anything }
    refusal: { statuses: [401], in-transport: no }
    """

/// `LINE:COLUMN: MESSAGE` of every mistake in a scenario, in order.
func mistakes(inScenario text: String) -> [String] {
    mistakes { () throws(SourceErrors) in _ = try ScenarioFile.read(text, id: "x", file: "scenarios/x.yaml") }
}

func mistakes(_ body: () throws(SourceErrors) -> Void) -> [String] {
    do {
        try body()
        return []
    } catch {
        return error.errors.map { "\($0.line):\($0.column): \($0.message)" }
    }
}
