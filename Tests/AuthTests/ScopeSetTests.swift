import Auth
import Testing

@Suite("Scopes")
struct ScopeSetTests {
    @Test(
        "A scope list is split at spaces and nowhere else",
        arguments: [
            ("mcp:read mcp:write", ["mcp:read", "mcp:write"]), ("mcp:read  mcp:write", ["mcp:read", "mcp:write"]), ("", []), (" ", []),
            ("mcp:read,mcp:write", ["mcp:read,mcp:write"]), ("MCP:WRITE", ["MCP:WRITE"]), ("mcp:*", ["mcp:*"]),
        ])
    func parsing(text: String, tokens: [String]) throws {
        #expect(try #require(ScopeSet(parsing: text)).scopes == Set(tokens))
    }

    @Test("Characters outside RFC 6749 section 3.3 are refused", arguments: ["a\tb", "a\"b", "a\\b", "é", "a\nb", "a\0"])
    func illegalCharacters(text: String) {
        #expect(ScopeSet(parsing: text) == nil)
    }

    @Test("A scope is contained whole or not at all")
    func whole() {
        let scopes: ScopeSet = ["mcp:write-lite", "xmcp:write"]
        #expect(!scopes.contains("mcp:write"))
        #expect(scopes.contains("mcp:write-lite"))
    }

    @Test("Equal sets print alike")
    func description() {
        #expect(ScopeSet(["b", "a"]).description == "a b")
    }
}
