import Serving
import Testing

struct ChallengeTests {
    @Test("A request without a credential is told where to look, and of no error")
    func noCredential() {
        let challenge = Challenge.bearer(resourceMetadata: "https://127.0.0.1:1/.well-known/oauth-protected-resource/mcp")
        #expect(challenge.fieldValue == #"Bearer resource_metadata="https://127.0.0.1:1/.well-known/oauth-protected-resource/mcp""#)
        #expect(Challenge("Bearer").fieldValue == "Bearer")
    }

    @Test("Parameters come quoted, in order, with commas between them")
    func parameters() {
        let challenge = Challenge.bearer(error: .insufficientScope, description: "needs more", scope: "mcp:read mcp:write")
        #expect(
            challenge.fieldValue
                == #"Bearer error="insufficient_scope", error_description="needs more", scope="mcp:read mcp:write""#)
    }

    @Test(
        "Quotes and backslashes are escaped, and no value begins a new line",
        arguments: [
            (#"a"b\c"#, #"X p="a\"b\\c""#), ("a\r\nSet-Cookie: x", #"X p="a  Set-Cookie: x""#), ("é\u{7F}", #"X p="  ""#),
        ])
    func quoting(value: String, field: String) {
        var challenge = Challenge("X")
        challenge.add("p", value)
        challenge.add("absent", nil)
        #expect(challenge.fieldValue == field)
    }

    @Test("A description has neither quotes nor backslashes")
    func description() {
        #expect(Challenge.bearer(error: .invalidToken, description: #"the "x\y""#).fieldValue.hasSuffix(#"error_description="the 'x/y'""#))
    }
}
