import Auth
import Foundation
import Issuer
import Store
import Testing

@Suite("Grant rules")
struct RuleTests {
    private static func client(
        scopes: ScopeSet = ["mcp:read", "mcp:write"], resources: [String] = [], lifetime: Int? = nil
    ) -> ClientRecord {
        ClientRecord(id: "alice", scopes: scopes, resources: resources, tokenLifetime: lifetime, createdAt: Date(timeIntervalSince1970: 0))
    }

    @Test(
        "A token has exactly the scope that was asked for, and all that is allowed when nothing was",
        arguments: [
            (nil, ["mcp:read", "mcp:write"]), ("mcp:read", ["mcp:read"]), ("mcp:write mcp:read", ["mcp:read", "mcp:write"]),
            ("mcp:read mcp:read", ["mcp:read"]),
        ] as [(String?, ScopeSet)])
    func scopeGranted(requested: String?, expected: ScopeSet) throws {
        #expect(try ScopeRule.standard(requested, for: Self.client()) == expected)
    }

    @Test(
        "A scope beyond what is allowed is refused whole",
        arguments: ["mcp:execute", "mcp:read mcp:execute", "mcp:*", "*", "MCP:READ", "mcp:read,mcp:write", " ", "mcp:\"read", "é"])
    func scopeRefused(requested: String) {
        let error = #expect(throws: OAuthError.self) { try ScopeRule.standard(requested, for: Self.client()) }
        #expect(error?.code == .invalidScope)
        #expect(error?.status == 400)
    }

    @Test("A client without scopes is given no tokens")
    func noScopes() {
        let error = #expect(throws: OAuthError.self) { try ScopeRule.standard(nil, for: Self.client(scopes: [])) }
        #expect(error?.code == .unauthorizedClient)
    }

    @Test(
        "The audience is the resource that was asked for, or the client's only one",
        arguments: [
            (["https://a.example/mcp"], ["https://a.example/mcp"], "https://a.example/mcp"),
            (["https://a.example/mcp"], ["https://a.example/mcp", "https://b.example/mcp"], "https://a.example/mcp"),
            ([], ["https://b.example/mcp"], "https://b.example/mcp"), (["urn:x:y"], ["urn:x:y"], "urn:x:y"),
        ] as [([String], [String], String)])
    func resourceGranted(requested: [String], registered: [String], expected: String) throws {
        #expect(try ResourceRule.standard(served: nil)(requested, for: Self.client(resources: registered)) == expected)
    }

    @Test(
        "A resource that is missing, malformed or not the client's is refused",
        arguments: [
            ([], []), (["https://a.example/mcp"], []), ([], ["https://a.example/", "https://b.example/"]),
            (["https://c.example/"], ["https://a.example/"]),
            (["https://a.example"], ["https://a.example/"]), (["https://a.example/#x"], ["https://a.example/#x"]), (["/mcp"], ["/mcp"]),
            (["mcp"], ["mcp"]), ([":x"], [":x"]),
            (["https://"], ["https://"]), (["https:///mcp"], ["https:///mcp"]),
            (["https://user@a.example/"], ["https://user@a.example/"]), (["https://a.example/ b"], ["https://a.example/ b"]),
            (["https://a.example/%z1"], ["https://a.example/%z1"]), (["https://a.example/", "https://b.example/"], []),
        ] as [([String], [String])])
    func resourceRefused(requested: [String], registered: [String]) {
        let error = #expect(throws: OAuthError.self) {
            try ResourceRule.standard(served: nil)(requested, for: Self.client(resources: registered))
        }
        #expect(error?.code == .invalidTarget)
    }

    @Test("An issuer for some resources gives tokens for those only")
    func served() throws {
        let rule = ResourceRule.standard(served: ["https://a.example/"])
        #expect(try rule(["https://a.example/"], for: Self.client()) == "https://a.example/")
        #expect(throws: OAuthError.self) { try rule(["https://b.example/"], for: Self.client()) }
    }

    @Test(
        "A client's tokens may live shorter than the issuer's, never longer, and never above an hour",
        arguments: [(3600, nil, 3600), (3600, 2, 2), (60, 600, 60), (60, nil, 60), (86_400, nil, 3600), (86_400, 7200, 3600)]
            as [(Int, Int?, Int)])
    func lifetime(configured: Int, registered: Int?, expected: Int) {
        #expect(LifetimeRule.standard(seconds: configured)(for: Self.client(lifetime: registered)) == expected)
    }
}
