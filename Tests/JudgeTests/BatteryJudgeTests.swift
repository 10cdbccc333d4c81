import Foundation
import Judge
import Scenarios
import Testing
import Trace

@Suite struct BatteryJudgeTests {
    static let battery = """
        title: One thing wrong
        teaches: Each alone.
        schemes: [oauth-jwt]
        baseline: alice
        cases:
          - { check: token.expired, title: expired, bend: { claims: { exp: now-10m } }, because: expired, bites: server/x }
          - { check: client.server-name, title: wrong server, bend: { tls: other-name }, because: name, bites: client/x }
          - { check: token.elsewhere, title: not here, schemes: [layered], bend: absent, because: missing, bites: server/x }
        """

    func trace() throws -> TraceBuilder {
        var trace = try TraceBuilder(Self.battery, .tokens)
        for (index, check) in ["token.expired", "client.server-name"].enumerated() {
            let start = index * 100
            trace.call(check, .accepted, at: start, twin: true)
            trace.call(check, .refused, at: start + 10, reason: index == 0 ? "expired" : "name", face: index == 0 ? nil : "tls: hostname")
            trace.call(check, .accepted, at: start + 20, twin: true)
            trace.step(index, at: start + 30)
        }
        trace.end()
        return trace
    }

    @Test func `a case passes between two accepted baselines; a client refuses in its own way`() throws {
        let checks = try judged(try trace()).checks
        #expect(checks.map(\.check) == ["token.expired", "client.server-name"])
        #expect(checks.map(\.verdict) == [.pass, .pass])
        #expect(checks[0].seen == "refused (HTTP 401, expired)")
    }

    @Test func `a baseline refused before or after leaves only its case undecided`() throws {
        for (begin, why) in [
            (0, "the baseline was not accepted before (HTTP 200), so the refusal proves nothing"),
            (20, "the baseline was not accepted afterwards: perhaps nobody was"),
        ] {
            var trace = try trace()
            trace.edit {
                $0.begin == Int64(begin) * 1_000_000
            } change: {
                $0.outcome = .refused
            }
            let checks = try judged(trace).checks
            #expect(checks.map(\.verdict) == [.inconclusive, .pass])
            #expect(checks[0].why == why)
        }
    }

    @Test func `a call that a client could not make is none that was accepted`() throws {
        let text = Self.battery.replacingOccurrences(
            of: "bend: { tls: other-name }, because: name,", with: "bend: { tls: asks }, expects: accepted,")
        for (outcome, verdict) in [(CallEvent.Outcome.accepted, Verdict.pass), (.refused, .fail), (.dropped, .inconclusive)] {
            var trace = try TraceBuilder(text, .tokens)
            trace.call("client.server-name", .accepted, at: 100, twin: true)
            trace.call("client.server-name", outcome, at: 110, face: "tls: it wants a certificate")
            trace.call("client.server-name", .accepted, at: 120, twin: true)
            trace.step(1, at: 130)
            trace.end()
            #expect(try judged(trace).checks.first { $0.check == "client.server-name" }?.verdict == verdict)
        }
    }

    @Test func `a bent credential that is accepted fails`() throws {
        var trace = try trace()
        trace.edit {
            $0.begin == 10_000_000
        } change: {
            $0.outcome = .accepted; $0.reason = nil
        }
        let checks = try judged(trace).checks
        #expect(checks.map(\.verdict) == [.fail, .pass])
        #expect(checks[0].seen == "accepted")
    }
}
