import Judge
import Scenarios
import Testing
import Trace

@Suite struct KnownFailureTests {
    private static let battery = """
        title: One thing wrong
        teaches: Each alone.
        schemes: [oauth-jwt]
        baseline: alice
        cases:
          - { check: token.expired, title: expired, bend: { claims: { exp: now-10m } }, because: expired, bites: server/x }
        """

    private static func results(_ isRefused: Bool, _ change: (inout TraceBuilder) -> Void = { _ in }) throws -> Results {
        var trace = try TraceBuilder(battery, .tokens)
        trace.call("token.expired", .accepted, at: 10, twin: true)
        trace.call("token.expired", isRefused ? .refused : .accepted, at: 20, reason: isRefused ? "expired" : nil)
        trace.call("token.expired", .accepted, at: 30, twin: true)
        change(&trace)
        trace.step(0, at: 40)
        trace.end()
        return try Judge.judge(try TraceReader.read(try trace.text()), requirements: [])
    }

    @Test func `a check that cannot be asked is not applicable, and one that was not asked is undecided`() throws {
        let lacking = try Self.results(false) { $0.notOffered("check", "it has none", check: "token.expired") }
        #expect(lacking.cells[0].checks.map(\.verdict) == [.notApplicable])
        #expect(lacking.cells[0].checks[0].why == "it has none")
        #expect(lacking.coverage.applicable == 0)
        let barred = try Self.results(true) { $0.notOffered(NotOffered.firstContact, "it lets everybody in") }
        #expect(barred.cells[0].checks.map(\.verdict) == [.inconclusive])
        let whole = try Self.results(false) { $0.notOffered(NotOffered.scenario, "it does not offer that") }
        #expect(whole.cells[0].checks.map(\.verdict) == [.notApplicable])
    }

    private static let known = [KnownFailure(check: "token.expired", verdict: "fail", why: "Expiry is not looked at.", line: 1)]

    @Test func `what is known is no finding, and what is not so any more is one`() throws {
        var failing = try Self.results(false)
        #expect(failing.hasFindings)
        failing.hold(against: Self.known, isWhole: true)
        #expect(!failing.hasFindings)
        #expect(failing.baseline?.known == 1)
        #expect(failing.cells[0].checks[0].known == "Expiry is not looked at.")

        var mended = try Self.results(true)
        #expect(!mended.hasFindings)
        mended.hold(against: Self.known, isWhole: true)
        #expect(mended.hasFindings)
        #expect(mended.baseline?.stale.map(\.verdict) == [.pass])
    }

    @Test func `what comes and goes is no news when it passes`() throws {
        var mended = try Self.results(true)
        mended.hold(
            against: [KnownFailure(check: "token.expired", verdict: "fail", why: "By turns.", sometimes: true, line: 1)], isWhole: true)
        #expect(!mended.hasFindings)
        #expect(mended.baseline?.stale == [])
    }

    @Test func `a scheme that cannot be judged is known by one entry for all its checks`() throws {
        let known = KnownFailure(check: KnownFailure.firstContact, verdict: "inconclusive", why: "It lets nobody in.", line: 1)
        var barred = try Self.results(true) { $0.notOffered(NotOffered.firstContact, "the right credential is not welcome") }
        #expect(barred.hasFindings)
        barred.hold(against: [known], isWhole: true)
        #expect(!barred.hasFindings)
        #expect(barred.cells[0].checks[0].known == "It lets nobody in.")

        var judged = try Self.results(true)
        judged.hold(against: [known], isWhole: true)
        #expect(judged.baseline?.unused == [KnownFailure.firstContact])
    }

    @Test func `an entry about nothing is red where everything was played, and not in a part`() throws {
        let about = [KnownFailure(check: "nobody.decides", verdict: "fail", why: "x", line: 1)]
        var whole = try Self.results(true)
        whole.hold(against: about, isWhole: true)
        #expect(whole.baseline?.unused == ["nobody.decides"])
        #expect(whole.hasFindings)
        var part = try Self.results(true)
        part.hold(against: about, isWhole: false)
        #expect(!part.hasFindings)
        var otherEra = try Self.results(true)
        otherEra.hold(
            against: [KnownFailure(check: "nobody.decides", eras: ["2025-11-25"], verdict: "fail", why: "x", line: 1)], isWhole: true)
        #expect(!otherEra.hasFindings)
    }
}
