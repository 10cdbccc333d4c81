import Scenarios
import Testing

@Suite struct BaselineFileTests {
    private static let good = """
        - { check: token.twice, schemes: [oauth-jwt], eras: ["2026-07-28"], verdict: warn, why: The first of two is taken. }
        - { check: token.expired, verdict: fail, why: Expiry is not looked at. }
        """

    @Test func `a known failure is about its check, schemes and revisions`() throws {
        let known = try BaselineFile.read(Self.good, file: "baseline.yaml")
        #expect(known.map(\.check) == ["token.twice", "token.expired"])
        #expect(known[0].covers(check: "token.twice", scheme: "oauth-jwt", era: "2026-07-28"))
        #expect(!known[0].covers(check: "token.twice", scheme: "oauth-dpop", era: "2026-07-28"))
        #expect(!known[0].covers(check: "token.twice", scheme: "oauth-jwt", era: "2025-11-25"))
        #expect(known[1].covers(check: "token.expired", scheme: "anything", era: "2025-11-25"))
    }

    @Test(arguments: [
        ("verdict: fail", "verdict: pass", "2:34: expected 'fail', 'warn' or 'inconclusive', not 'pass'"),
        ("why: Expiry is not looked at.", "because: x", "2:1: missing key 'why' in a known failure"),
    ])
    func `a mistake is told with its place`(_ old: String, _ new: String, _ expected: String) {
        let text = Self.good.replacing(old, with: new)
        let found = mistakes { () throws(SourceErrors) in _ = try BaselineFile.read(text, file: "x") }
        #expect(found.contains { $0.contains(expected.split(separator: ": ", maxSplits: 1)[1]) && $0.hasPrefix("2:") })
    }

    @Test func `a profile is read as it is written`() throws {
        let profile = Profile(
            id: "p", title: "Servers with keys", schemes: ["api-key"],
            revisions: ["2026-07-28": ["key.form", "key.twice"], "2025-11-25": ["key.form"]])
        #expect(try ProfileFile.read(ProfileFile.text(profile), id: "p", file: "x") == profile)
        let twice = ProfileFile.text(profile).replacing("key.twice", with: "key.form")
        let found = mistakes { () throws(SourceErrors) in _ = try ProfileFile.read(twice, id: "p", file: "x") }
        #expect(found.contains { $0.hasSuffix("check 'key.form' stands twice in 2026-07-28") })
    }
}
