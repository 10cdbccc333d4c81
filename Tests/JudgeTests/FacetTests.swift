import Judge
import Scenarios
import Testing
import Trace

@Suite("A case is looked at from four sides") struct FacetTests {
    static func battery(_ more: String) -> String {
        """
        title: One thing wrong
        teaches: Each alone.
        schemes: [oauth-jwt]
        baseline: alice
        cases:
          - { check: token.expired, title: expired, bend: [{ claims: { exp: now-10m } }, { claims: { exp: 0 } }]\(more), bites: server/x }
        """
    }

    func trace(_ more: String = ", because: expired", _ fill: (inout CallEvent) -> Void = { _ in }, death: Bool = false) throws
        -> TraceBuilder
    {
        var trace = try TraceBuilder(Self.battery(more), .tokens)
        trace.call("token.expired", .accepted, at: 1, twin: true)
        trace.call("token.expired", .refused, at: 10, reason: "expired")
        trace.call("token.expired", .refused, at: 20, reason: "expired")
        trace.call("token.expired", .accepted, at: 30, twin: true)
        trace.edit {
            !$0.twin
        } change: {
            $0.bent = "claims.exp"
            $0.fields = [
                "www-authenticate": "Bearer error=\"invalid_token\", resource_metadata=\"https://s.example/x\"",
                "cache-control": "no-store",
            ]
            $0.fingerprint = "a"
        }
        trace.edit({ $0.begin == 20_000_000 }, change: fill)
        if death { trace.ended("server", at: 40) }
        trace.step(0, at: 40)
        trace.end()
        return trace
    }

    func check(_ trace: TraceBuilder) throws -> CheckResult { try #require(try judged(trace).checks.first) }

    func side(_ side: Facet.Side, of check: CheckResult) -> Bool? { check.facets?.first { $0.side == side }?.held }

    @Test func `all calls of a case are judged, and all four sides held`() throws {
        let check = try check(
            try trace(", because: expired, form: [challenge, invalid-token, metadata, uncached, uniform, well-formed, discreet]"))
        #expect(check.verdict == .pass)
        #expect(check.facets?.map(\.side) == [.availability, .security, .status, .form])
        #expect(check.facets?.allSatisfy { $0.held == true } == true)
    }

    @Test func `one call that is accepted breaks the security side and no other`() throws {
        let check = try check(try trace { ($0.outcome, $0.status, $0.reason) = (.accepted, 200, nil) })
        #expect(check.verdict == .fail)
        #expect(side(.security, of: check) == false)
        #expect(side(.status, of: check) == true)
        #expect(check.why.contains("1 of 2 calls accepted"))
    }

    @Test func `an error of the server breaks the status, and nobody was let in`() throws {
        let check = try check(try trace { ($0.status, $0.face, $0.reason) = (500, "HTTP 500", nil) })
        #expect(check.verdict == .fail)
        #expect(side(.security, of: check) == true)
        #expect(side(.status, of: check) == false)
    }

    @Test(arguments: [
        (", because: expired", Verdict.inconclusive), (", because: [expired, issuer-unreachable]", .pass), (", status: [401, 503]", .pass),
        (", expects: accepted", .fail),
    ])
    func `that the issuer could not be asked is no answer where it was not taken away`(_ more: String, _ verdict: Verdict) throws {
        var trace = try trace(more)
        if more.contains("accepted") { trace.edit({ !$0.twin }, change: { ($0.outcome, $0.status, $0.reason) = (.accepted, 200, nil) }) }
        trace.edit({ $0.begin == 20_000_000 }) {
            ($0.outcome, $0.status, $0.face, $0.reason, $0.fields) = (.refused, 503, "HTTP 503", "issuer-unreachable", [:])
        }
        let check = try check(trace)
        #expect(check.verdict == verdict)
        guard verdict == .inconclusive else { return }
        #expect(check.why == "1 of 2 calls got no answer (HTTP 503, issuer-unreachable)")
        // What was let in beside it is a finding all the same.
        trace.edit({ $0.begin == 10_000_000 }, change: { ($0.outcome, $0.status, $0.reason) = (.accepted, 200, nil) })
        #expect(try self.check(trace).verdict == .fail)
    }

    @Test func `a success that is no result is a status too`() throws {
        let check = try check(try trace { ($0.outcome, $0.status, $0.reason) = (.dropped, 200, nil) })
        #expect(check.verdict == .fail)
        #expect(side(.status, of: check) == false)
    }

    @Test func `a server that ended by itself is caught, whatever its controls say`() throws {
        let check = try check(try trace(death: true))
        #expect(check.verdict == .fail)
        #expect(side(.availability, of: check) == false)
        #expect(check.why.contains("ended"))
    }

    @Test(arguments: [
        ("challenge", ["x": "y"]), ("challenge", ["www-authenticate": "Bearer error=\"a"]),
        ("quiet", ["www-authenticate": "Bearer error=\"x\""]),
        ("invalid-token", ["www-authenticate": "Bearer"]), ("metadata", ["www-authenticate": "Bearer realm=\"x\""]),
        ("insufficient-scope", ["www-authenticate": "Bearer error=\"insufficient_scope\""]), ("uncached", ["cache-control": "max-age=1"]),
        ("well-formed", ["www-authenticate": "Bearer error_description=\"a\"b\""]),
        ("challenge", ["www-authenticate": "Basic realm=\"x\""]),
        ("well-formed", ["www-authenticate": "Bearer", "x-injected": "1"]),
    ])
    func `an answer of another form breaks the form alone`(_ form: String, _ fields: [String: String]) throws {
        let check = try check(try trace(", because: expired, form: \(form)") { $0.fields = fields })
        #expect(check.verdict == .fail)
        #expect(side(.form, of: check) == false)
        #expect(side(.security, of: check) == true)
    }

    @Test func `answers that differ are not uniform, and an echo is not discreet`() throws {
        #expect(try check(try trace(", because: expired, form: uniform") { $0.fingerprint = "b" }).verdict == .fail)
        #expect(try check(try trace(", because: expired, form: discreet") { $0.echoed = "a part of the credential" }).verdict == .fail)
    }

    @Test(arguments: [("-32020", Verdict.pass), ("-32600", .fail)])
    func `a header that differs from the body has an error of its own`(_ code: String, _ verdict: Verdict) throws {
        var trace = try trace(", because: expired, form: header-mismatch") { _ in }
        // Without a code at first.
        #expect(try check(trace).verdict == .fail)
        trace.edit({ !$0.twin }, change: { $0.error = code })
        let check = try check(trace)
        #expect(check.verdict == verdict)
        #expect(side(.form, of: check) == (verdict == .pass))
    }

    @Test func `an error code that was not asked for breaks the form alone`() throws {
        let right = try trace(", error: [invalid_grant, invalid_request]") { $0.error = "invalid_request" }
        // The other call has none at all.
        let check = try check(right)
        #expect(check.verdict == .fail)
        #expect(side(.form, of: check) == false)
        #expect(side(.security, of: check) == true)
        #expect(check.why.contains("answered no error code, wanted"))
        var both = right
        both.edit({ !$0.twin }, change: { $0.error = "invalid_grant" })
        #expect(try self.check(both).verdict == .pass)
        both.edit({ $0.begin == 20_000_000 }, change: { $0.error = "invalid_client" })
        #expect(try self.check(both).why.contains("answered invalid_client, wanted"))
    }

    @Test func `what is amiss with an accepted answer breaks the form alone`() throws {
        let accepted = try trace(", expects: accepted") { _ in }
        var trace = accepted
        trace.edit({ !$0.twin }, change: { ($0.outcome, $0.status, $0.reason) = (.accepted, 200, nil) })
        #expect(try check(trace).verdict == .pass)
        trace.edit({ $0.begin == 20_000_000 }, change: { $0.amiss = "typ is JWT, wanted at+jwt" })
        let check = try check(trace)
        #expect(check.verdict == .fail)
        #expect(side(.form, of: check) == false)
        #expect(check.why == "typ is JWT, wanted at+jwt")
    }

    @Test(arguments: [("no-store", true), ("private", false), ("max-age=60, no-store", true), ("", false)])
    func `what must not be stored says so`(_ value: String, _ holds: Bool) throws {
        let check = try check(try trace(", because: expired, form: not-stored") { $0.fields = ["cache-control": value] })
        #expect((check.verdict == .pass) == holds)
    }

    @Test func `a status that was asked for needs no reason`() throws {
        let check = try check(try trace(", status: [401, 405]") { ($0.status, $0.reason) = (405, nil) })
        #expect(check.verdict == .pass)
        #expect(!check.weak)
        #expect(try self.check(try trace(", status: 405")).verdict == .fail)
    }

    @Test func `what must be accepted and is refused fails; a missing control leaves it open`() throws {
        #expect(try check(try trace(", expects: accepted")).verdict == .fail)
        var open = try trace(", expects: accepted") { $0.outcome = .accepted }
        open.edit {
            $0.begin == 30_000_000
        } change: {
            $0.outcome = .refused
        }
        #expect(try check(open).verdict == .inconclusive)
    }

    @Test func `where any answer will do, only an error of the server is wrong`() throws {
        #expect(try check(try trace(", expects: answered") { ($0.outcome, $0.status) = (.accepted, 200) }).verdict == .pass)
        #expect(try check(try trace(", expects: answered") { $0.status = 503 }).verdict == .fail)
    }

    @Test func `more requests at the decoy than allowed break the security side`() throws {
        var trace = try trace(", because: expired, at-most: { decoy-requests: 0 }")
        trace.fact("token.expired.decoy-requests", 1, unit: "requests")
        #expect(try check(trace).verdict == .fail)
    }

    @Test func `what was to be counted and was not is no pass`() throws {
        var trace = try trace(", because: expired, at-most: { decoy-requests: 0 }")
        #expect(try check(trace).verdict == .inconclusive)
        trace.fact("token.expired.decoy-requests", 0, unit: "requests")
        #expect(try check(trace).verdict == .pass)
    }

    @Test func `a server that has no such method refuses, where the case says that this will do`() throws {
        func answered501(_ more: String) throws -> Verdict {
            try check(try trace(more) { ($0.outcome, $0.status, $0.reason) = (.dropped, 501, nil) }).verdict
        }
        #expect(try answered501(", status: [401, 501]") == .pass)
        #expect(try answered501(", status: 401") == .fail)
    }
}
