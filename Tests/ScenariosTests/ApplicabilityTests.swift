import Scenarios
import Testing

@Suite struct ApplicabilityTests {
    private static let keys = Scheme(
        id: "api-key", title: "Keys", presents: ["api-key"], server: "api-key", lifetime: 3600, revocationPromise: 1, notOffered: [:],
        refusalStatuses: [401], refusalInTransport: false)

    private static func subject(
        start: [String] = ["serve"], hooks: [String: [String]] = ["issue": ["issue"], "revoke": ["revoke"]],
        lacks: [Capability: String] = [:], calls: [String: SubjectCall] = [:], credentials: [String: String] = [:]
    ) -> Subject {
        Subject(
            id: "theirs", title: "Theirs", role: .server, schemes: ["api-key"], eras: ["2026-07-28"], start: start, hooks: hooks,
            audit: false,
            reasons: [:], url: start.isEmpty ? "http://127.0.0.1:1/mcp" : nil, lacks: lacks, calls: calls, credentials: credentials)
    }

    private static func battery(_ cases: [Battery.Case]) -> Scenario {
        Scenario(
            id: "x", title: "x", teaches: "", schemes: ["api-key"], world: .bench, timed: false, movesClock: false, steps: [], expect: [],
            measures: [], battery: Battery(baseline: "alice", cases: cases))
    }

    private static func row(_ check: String, _ bend: Bend, because: [String] = [], atMost: [String: Int] = [:]) -> Battery.Case {
        Battery.Case(check: check, title: check, schemes: nil, bends: [bend], atMost: atMost, because: because, bites: [], line: 1)
    }

    private func judging(_ server: Subject, _ scenario: Scenario, scheme: Scheme = keys, era: String = "2026-07-28") -> Applicability {
        Applicability(server: server, scheme: scheme, scenario: scenario, era: era)
    }

    @Test func `what a server does not offer is not applicable, and says why`() {
        let scenario = Self.battery([Self.row("a.b", .absent)])
        var other = Self.keys
        other.id = "mtls"
        #expect(judging(Self.subject(), scenario).gap == nil)
        #expect(judging(Self.subject(), scenario, scheme: other).gap == "theirs does not offer mtls")
        #expect(judging(Self.subject(), scenario, era: "2025-11-25").gap == "theirs does not speak MCP 2025-11-25")
        #expect(judging(Self.subject(hooks: [:]), scenario).gap == "theirs has no command that issues keys, and the bed was given none")
    }

    @Test func `a check that needs nothing special is left to a server without hooks`() {
        let rows = [
            Self.row("a.nobody", .absent), Self.row("a.cut", .key("truncated")), Self.row("a.gone", .key("revoked")),
            Self.row("a.claims", .claims(["exp": "1"])), Self.row("a.log", .absent, atMost: ["leaks-in-log": 0]),
        ]
        let gaps = judging(Self.subject(start: [], hooks: [:], credentials: ["*": "key.txt"]), Self.battery(rows)).gaps(needs: [:])
        #expect(gaps["a.nobody"] == nil)
        #expect(gaps["a.cut"] == nil)
        #expect(gaps["a.gone"] == "theirs has no command that issues keys")
        #expect(gaps["a.claims"] == "the bed was given a credential, and is not the issuer that it comes from")
        #expect(gaps["a.log"] == "theirs was not started by the bed")
    }

    @Test func `what it says it lacks is the reason, by bend, by reason and by requirement`() {
        let server = Self.subject(lacks: [.scopes: "all may do all", .tenants: "it has one"])
        let rows = [Self.row("a.scoped", .scopes([])), Self.row("a.reason", .absent, because: ["scope"]), Self.row("a.tenant", .absent)]
        let gaps = judging(server, Self.battery(rows)).gaps(needs: ["a.tenant": [.tenants]])
        #expect(gaps == ["a.scoped": "all may do all", "a.reason": "all may do all", "a.tenant": "it has one"])
    }

    @Test func `a server that goes by the real time is asked for nothing at another`() {
        let server = Self.subject(lacks: [.clock: "it sees no other time"])
        let rows = [Self.row("a.second", .moment("rfc5280::validity::notbefore-exact")), Self.row("a.nobody", .absent)]
        #expect(judging(server, Self.battery(rows)).gaps(needs: [:]) == ["a.second": "it sees no other time"])
        #expect(judging(server, Self.battery([])).gap(of: .clock(as: nil, move: 60, to: nil, optional: nil)) == "it sees no other time")
    }

    @Test func `whether a promise of seconds is kept shows by the real time, and one that ends with the credential does not`() {
        let server = Self.subject(lacks: [.clock: "it sees no other time"])
        let probe = Verb.probe(
            Verb.Probe(
                label: "a", with: "alice", twin: nil, over: .newConnection, connection: nil, every: 1, atMost: 1, untilRefused: true,
                leap: true,
                aroundExpiry: nil, beside: nil))
        var lasting = Self.keys
        lasting.revocationPromise = nil
        #expect(judging(server, Self.battery([])).gap(of: probe) == nil)
        #expect(judging(server, Self.battery([]), scheme: lasting).gap(of: probe) == "it sees no other time")
    }

    @Test func `a name is taken off only where the list is read again, and is the bed's`() {
        let off = Verb.revoke(credential: "alice", as: nil, by: .allowList)
        #expect(judging(Self.subject(), Self.battery([])).gap(of: off) == nil)
        #expect(judging(Self.subject(lacks: [.allowList: "it is read once"]), Self.battery([])).gap(of: off) == "it is read once")
        var attached = Self.subject()
        attached.start = []
        #expect(judging(attached, Self.battery([])).gap(of: off)?.hasSuffix("reads no list of names of the bed's") == true)
    }

    @Test(arguments: [(nil, true), (false, true), (true, false)] as [(Bool?, Bool)])
    func `a clock that could not be moved makes another story, unless the file says that it does not`(_ optional: Bool?, _ turns: Bool) {
        #expect(Applicability.turns(.clock(as: nil, move: 60, to: nil, optional: optional)) == turns)
    }

    @Test func `whoever takes part goes by the clock that is moved, the issuer too`() {
        let late = Bend.issuing(IssuerAct(place: .redemption, how: "late")), now = Bend.issuing(IssuerAct(place: .redemption, how: "again"))
        var scenario = Self.battery([Self.row("a.late", late, because: ["name"]), Self.row("a.now", now, because: ["name"])])
        scenario.movesClock = true
        var scheme = Self.keys
        (scheme.id, scheme.presents) = ("oauth-code", ["token"])
        var server = Self.subject(lacks: [.names: "it has no list of names"])
        server.schemes = ["oauth-code"]
        var issuer = Self.subject(lacks: [.clock: "it stops"])
        (issuer.id, issuer.role, issuer.schemes) = ("other", .issuer, ["oauth-code"])
        func asked(_ world: Scenario.World) -> Applicability {
            scenario.world = world
            return Applicability(server: server, issuer: issuer, scheme: scheme, scenario: scenario, era: "2026-07-28")
        }
        #expect(asked(.issuerBench).gaps(needs: [:]) == ["a.late": "it stops"])
        #expect(!asked(.issuerBench).movesClock)
        let move = Verb.clock(as: nil, move: 60, to: nil, optional: nil)
        #expect(asked(.ensemble).gap(of: move) == "it stops")
        // On the server's bench the bed is the issuer.
        #expect(asked(.bench).gap(of: move) == nil)
        #expect(asked(.bench).movesClock)
        issuer.lacks = [:]
        #expect(asked(.ensemble).gap(of: move) == nil)
        #expect(asked(.issuerBench).gaps(needs: [:]).isEmpty)
        #expect(asked(.issuerBench).movesClock)
        issuer.schemes = []
        #expect(asked(.issuerBench).gap == "other does not offer oauth-code")
    }

    @Test(arguments: [
        (["oauth-jwt", "oauth-code"], ["oauth-jwt"]), (["oauth-code"], ["oauth-code"]), (["mtls"], ["oauth-jwt"]),
    ])
    func `who stands alone is asked once, in the first of the scenario's schemes that it offers`(_ offers: [String], _ played: [String]) {
        var scenario = Self.battery([])
        scenario.schemes = ["oauth-jwt", "oauth-introspection", "oauth-code"]
        var (asked, other) = (Self.subject(), Self.subject())
        (asked.schemes, other.schemes) = (offers, ["oauth-introspection"])
        for world in [Scenario.World.issuerBench, .clientBench] {
            scenario.world = world
            let (issuer, client) = world == .issuerBench ? (asked, other) : (other, asked)
            #expect(scenario.schemes(with: issuer, client) == played)
            // Chosen is what the user names.
            #expect(scenario.schemes(with: issuer, client) { $0 == "oauth-code" } == ["oauth-code"])
            #expect(scenario.schemes(with: issuer, client) { $0 == "api-key" }.isEmpty)
        }
        scenario.world = .ensemble
        #expect(scenario.schemes(with: asked, other) == scenario.schemes)
    }

    @Test func `a key that has to be taken back first needs a command for that`() {
        let rows = [Self.row("a.gone", .key("revoked")), Self.row("a.cut", .key("truncated"))]
        let gaps = judging(Self.subject(hooks: ["issue": ["issue"]]), Self.battery(rows)).gaps(needs: [:])
        #expect(gaps == ["a.gone": "theirs has no command that revokes keys"])
    }

    @Test func `plain HTTP has no messages of MCP`() {
        let server = Self.subject(calls: [
            "read": .http(method: "GET", path: "/r", body: ""), "write": .http(method: "PUT", path: "/w", body: "x"),
        ])
        let gaps = judging(server, Self.battery([Self.row("a.body", .body("batch")), Self.row("a.nobody", .absent)])).gaps(needs: [:])
        #expect(gaps.keys.sorted() == ["a.body"])
    }

    @Test func `a credential that was given cannot be taken back`() {
        let server = Self.subject(start: [], hooks: [:], credentials: ["*": "key.txt"])
        let asked = judging(server, Self.battery([]))
        #expect(asked.gap(of: .revoke(credential: "alice", as: nil, by: nil)) == "the bed was given a credential, and cannot take it back")
        #expect(asked.gap(of: .hold(as: nil, seconds: 1)) == nil)
        #expect(judging(Self.subject(), Self.battery([])).gap(of: .revoke(credential: "alice", as: nil, by: nil)) == nil)
    }

    @Test func `a key of a form of its own is bent only where it has parts`() {
        let rows = [
            Self.row("a.id", .key("unknown-id")), Self.row("a.case", .key("other-case")), Self.row("a.near", .key("underscores")),
            Self.row("a.who", .nothing, atMost: ["misnamed-callers": 0]),
        ]
        func gaps(_ key: String) -> [String: String] {
            var server = Self.subject(start: [], hooks: [:], credentials: ["*": "key.txt"])
            server.learn(fromKey: key)
            return judging(server, Self.battery(rows)).gaps(needs: [:])
        }
        let whose = ["a.who": "the bed was given a credential, and does not know whose it is"]
        #expect(gaps("sk_test_id_secret") == whose)
        let form = "the key that the bed was given shows neither which key it is nor what it is for"
        #expect(gaps("sk-live-0123456789") == whose.merging(["a.id": form]) { $1 })
    }

    @Test func `who listens without TLS has no bytes of TLS that could be sent again`() {
        let bytes = Verb.replay(as: "a", of: "b", what: .bytes, listener: .tls, times: 1, by: .process)
        let bare = Verb.replay(as: "a", of: "b", what: .bytes, listener: .plaintext, times: 1, by: .process)
        var server = Self.subject(start: [], hooks: [:], credentials: ["*": "key.txt"])
        #expect(judging(server, Self.battery([])).gap(of: bytes) == "theirs listens without TLS")
        #expect(judging(server, Self.battery([])).gap(of: bare) == nil)
        server.url = "https://127.0.0.1:1/mcp"
        #expect(judging(server, Self.battery([])).gap(of: bytes) == nil)
        #expect(judging(server, Self.battery([])).gap(of: bare) == "theirs was not started by the bed")
    }

    @Test func `a server that names no sessions is asked nothing about them`() {
        let rows = [Self.row("a.alone", .session("alone")), Self.row("a.names", .nothing, atMost: ["guessable-sessions": 0])]
        let server = Self.subject(lacks: [.sessions: "it names none"])
        #expect(judging(server, Self.battery(rows)).gaps(needs: [:]) == ["a.alone": "it names none", "a.names": "it names none"])
        #expect(judging(Self.subject(), Self.battery(rows)).gaps(needs: [:]).isEmpty)
    }

    @Test func `an issuer beside the server offers the scheme and the commands, or says that it does not`() {
        var scheme = Self.keys
        (scheme.id, scheme.presents) = ("oauth-jwt", ["token"])
        var server = Self.subject()
        server.schemes = ["oauth-jwt"]
        var issuer = Self.subject(hooks: [:])
        (issuer.id, issuer.role, issuer.schemes) = ("other", .issuer, ["oauth-jwt"])
        func asked(_ issuer: Subject, _ world: Scenario.World, _ steps: [Verb] = []) -> Applicability {
            var scenario = Self.battery([])
            (scenario.world, scenario.battery, scenario.steps) = (world, nil, steps.map { Step(say: nil, verb: $0, line: 1) })
            return Applicability(server: server, issuer: issuer, scheme: scheme, scenario: scenario, era: "2026-07-28")
        }
        #expect(asked(issuer, .ensemble).gap == nil)
        let renewal = Verb.renew(what: .signingKey, as: nil, overlap: nil)
        #expect(asked(issuer, .ensemble).gap(of: renewal) == "other has no command that renews signing keys")
        #expect(asked(issuer, .ensemble, [renewal]).gap == "other has no command that renews signing keys")
        issuer.hooks = ["renew-signing-key": ["renew"]]
        #expect(asked(issuer, .ensemble).gap(of: renewal) == nil)
        #expect(asked(issuer, .ensemble, [renewal]).gap == nil)
        issuer.schemes = ["oauth-code"]
        #expect(asked(issuer, .ensemble).gap == "other does not offer oauth-jwt")
        // On the bench the bed is the issuer.
        #expect(asked(issuer, .bench).gap == nil)
    }

    @Test func `a client is played in the schemes that it offers, on the bench and in stories where it calls`() {
        var client = Self.subject()
        (client.id, client.role, client.schemes) = ("caller", .client, ["api-key"])
        var other = Self.keys
        other.id = "oauth-jwt"
        var server = Self.subject()
        server.schemes = ["api-key", "oauth-jwt"]
        let byClient = Verb.call(
            as: "a", with: ["alice"], over: .newConnection, connection: nil, tool: "whoami", times: 1, by: .client, processes: nil)
        func gap(_ scheme: Scheme, _ world: Scenario.World, _ steps: [Verb] = []) -> String? {
            var scenario = Self.battery([])
            (scenario.world, scenario.battery, scenario.steps) = (world, nil, steps.map { Step(say: nil, verb: $0, line: 1) })
            return Applicability(server: server, client: client, scheme: scheme, scenario: scenario, era: "2026-07-28").gap
        }
        for (world, steps) in [(Scenario.World.clientBench, [Verb]()), (.ensemble, [byClient])] {
            #expect(gap(Self.keys, world, steps) == nil)
            #expect(gap(other, world, steps) == "caller does not offer oauth-jwt")
        }
        #expect(gap(other, .ensemble) == nil)
    }

    @Test(arguments: [
        (Capability.metadata, ["a.later", "a.now"]), (.memory, ["a.later"]),
    ])
    func `a client is not asked about metadata that it does not read, nor about what it does not remember`(
        lacking: Capability, absent: [String]
    ) {
        let rows = [
            Self.row("a.later", .peer(PeerChange(part: .metadata, how: "other-issuer-later"))),
            Self.row("a.now", .peer(PeerChange(part: .metadata, how: "elsewhere"))),
            Self.row("a.tokens", .peer(PeerChange(part: .tokenEndpoint, how: "hangs"))),
        ]
        var scenario = Self.battery(rows)
        scenario.world = .clientBench
        var client = Self.subject(lacks: [lacking: "it has none"])
        client.role = .client
        let asked = Applicability(server: Self.subject(), client: client, scheme: Self.keys, scenario: scenario, era: "2026-07-28")
        #expect(asked.gaps(needs: [:]) == Dictionary(uniqueKeysWithValues: absent.map { ($0, "it has none") }))
    }

    @Test(
        arguments: [
            (nil, ["serve", "{config}"], true), ("https://127.0.0.1:{port}/", ["serve", "{config}", "{port}"], true),
            ("https://127.0.0.1:443/", ["serve", "{config}"], false), (nil, ["serve"], false), ("https://127.0.0.1:{port}/", [], false),
        ] as [(String?, [String], Bool)])
    func `a second process needs a document of its own, and a place of its own to listen at`(
        _ url: String?, _ start: [String], _ startsTwice: Bool
    ) {
        var server = Self.subject(start: start)
        server.url = url
        #expect((server.lack(of: .replica) == nil) == startsTwice)
    }
}
