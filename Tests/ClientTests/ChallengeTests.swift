import Auth
import Client
import Testing

@Suite("Challenge")
struct ChallengeTests {
    @Test("A Bearer challenge is read with all it says")
    func bearer() throws {
        let text = #"Bearer error="insufficient_scope", scope="mcp:read mcp:write", resource_metadata="https://a.example/m?x=1,2""#
        let challenge = try #require(Challenge.parse(text).first)
        #expect(challenge.scheme == "bearer")
        #expect(challenge.error == "insufficient_scope")
        #expect(challenge.scopes == ["mcp:read", "mcp:write"])
        #expect(challenge.resourceMetadata == "https://a.example/m?x=1,2")
    }

    @Test("Several challenges in one field, and in several, are told apart")
    func several() {
        let text = #"Negotiate abc==, Basic realm="a, Bearer error=\"no\"", Bearer error=invalid_token, Digest"#
        #expect(Challenge.parse(text).map(\.scheme) == ["negotiate", "basic", "bearer", "digest"])
        let fields = HTTPFieldList([
            (name: "WWW-Authenticate", value: "Basic realm=x"), (name: "www-authenticate", value: "bEaReR error=invalid_token"),
        ])
        #expect(Challenge.bearer(in: HTTPAnswer(status: 401, fields: fields))?.error == "invalid_token")
    }

    @Test("Words inside a quoted text are not a challenge")
    func quoted() {
        let text = #"Basic realm="x\", Bearer resource_metadata=\"https://evil.example/\"""#
        #expect(Challenge.parse(text).map(\.scheme) == ["basic"])
    }

    @Test("A parameter given twice is as good as absent")
    func twice() {
        #expect(Challenge.parse(#"Bearer scope="a", scope="b", error=x"#).first?.parameters == ["error": "x"])
    }

    @Test(
        "Hostile texts give no challenge and no crash",
        arguments: [
            "", " ", ",", ",,,,", "=", "\"", "Bearer error=", "Bearer error=\"", "Bearer error=\"\\", "Bearer error=\"a\"b",
            "Bearer \u{0}=x",
            "Bearer error=\"\u{7}\"", "Bearer é=x", "Bearer =x", "Bearer error==x",
        ])
    func hostile(text: String) {
        #expect(Self.saysNothing(text))
    }

    @Test("Long hostile texts give no challenge, and are not read twice over")
    func long() {
        #expect(Self.saysNothing(String(repeating: "Bearer error=b, ", count: 5000)))
        #expect(Self.saysNothing(String(repeating: "\\", count: 8000)))
        #expect(Self.saysNothing("Bearer " + String(repeating: "=", count: 8000) + "x"))
    }

    private static func saysNothing(_ text: String) -> Bool {
        Challenge.parse(text).allSatisfy { $0.error == nil && $0.scopes == nil && $0.resourceMetadata == nil }
    }

    @Test("Scopes that are no scope tokens are not shown and not asked for")
    func scopes() {
        #expect(Challenge(scheme: "bearer", parameters: ["scope": "a \u{1B}[2J"]).scopes == nil)
        #expect(Challenge(scheme: "bearer", parameters: ["scope": ""]).scopes == nil)
    }
}
