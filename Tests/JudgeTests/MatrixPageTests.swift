import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite struct MatrixPageTests {
    private static let battery = """
        title: One thing wrong
        teaches: Each alone.
        schemes: [oauth-jwt]
        baseline: alice
        cases:
          - { check: token.expired, title: expired, bend: { claims: { exp: now-10m } }, because: expired, bites: server/x }
        """

    private static func column(_ subject: String, role: String, isRefused: Bool, known: [KnownFailure] = []) throws -> Matrix.Column {
        var trace = try TraceBuilder(battery, .tokens)
        trace.call("token.expired", .accepted, at: 10, twin: true)
        trace.call("token.expired", isRefused ? .refused : .accepted, at: 20, reason: isRefused ? "expired" : nil)
        trace.call("token.expired", .accepted, at: 30, twin: true)
        trace.step(0, at: 40)
        trace.end()
        var results = try Judge.judge(try TraceReader.read(try trace.text()), requirements: [])
        results.run.role = role
        results.hold(against: known, isWhole: true)
        return Matrix.Column(subject: subject, results: results, report: "\(subject)/report.html")
    }

    private static let known = [KnownFailure(check: "token.expired", verdict: "fail", why: "Expiry is not looked at.", line: 1)]

    @Test func `the page counts its subjects by role, and what was known`() throws {
        let page = MatrixPage(
            Matrix([
                try Self.column("right", role: "server", isRefused: true),
                try Self.column("wrong", role: "server", isRefused: false, known: Self.known),
                try Self.column("other", role: "issuer", isRefused: true),
            ])
        ).markdown
        #expect(page.contains("3 subjects (2 servers, 1 issuer, 0 clients), judged on 2026-11-22 with MCP 2026-07-28 on m."))
        #expect(page.contains("Known failures: 1,"))
        #expect(page.contains("Everything came out as it is known."))
        #expect(page.contains("## Servers") && page.contains("## Issuers") && !page.contains("## Clients"))
        #expect(page.contains("| check | right | wrong |"))
        #expect(page.contains("| `token.expired` | ● | ✕ |"))
        #expect(page.contains("| `token.expired` | ● |\n"))
    }

    @Test func `what no baseline says is told, and what is not so any more`() throws {
        let page = MatrixPage(
            Matrix([
                try Self.column("mended", role: "server", isRefused: true, known: Self.known),
                try Self.column("wrong", role: "server", isRefused: false),
            ])
        ).markdown
        #expect(page.contains("- mended, `token.expired` in `oauth-jwt`: pass, and was known as fail"))
        #expect(page.contains("- wrong, `token.expired` in `oauth-jwt`: fail, 1 of 1 call accepted"))
        #expect(!page.contains("Everything came out"))
    }
}
