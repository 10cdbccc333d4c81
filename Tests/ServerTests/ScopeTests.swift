import Auth
import Foundation
import MCP
import Server
import Serving
import Testing

struct ScopeTests {
    static func parts() throws -> ServerParts {
        let configuration = ServerConfiguration(scheme: .none)
        return ServerParts.standard(
            try ServerResources(configuration) { _ in }, endpoints: Endpoints(url: "http://127.0.0.1:1", hosts: ["127.0.0.1"]))
    }

    static func principal(_ scopes: ScopeSet) -> Principal {
        Principal(name: "alice", scopes: scopes, credential: .apiKey(id: "0123456789AB"))
    }

    @Test(
        "A tool is open to exactly the callers with its scope",
        arguments: [
            ([], ["whoami"]), (["mcp:read"], ["canary.read", "canary.stream", "whoami"]), (["mcp:write"], ["canary.write", "whoami"]),
            (["mcp:read", "mcp:write"], ["canary.read", "canary.stream", "canary.write", "whoami"]), (["zz:none"], ["whoami"]),
            (["mcp:write-draft", "xmcp:write", "MCP:WRITE", "mcp:*"], ["whoami"]),
        ] as [([String], [String])])
    func matrix(scopes: [String], open: [String]) throws {
        let parts = try Self.parts()
        let principal = Self.principal(ScopeSet(scopes))
        #expect(parts.tools.filter { parts.missingScopes(principal, $0).isEmpty }.map(\.tool.name) == open)
    }

    @Test(
        "A refusal has the status of its reason",
        arguments: [
            (Reason.missing, Layer.token, 401), (.expired, .token, 401), (.revoked, .apiKey, 401), (.unknown, .apiKey, 401),
            (.expired, .certificate, 401), (.revoked, .certificate, 401), (.usage, .certificate, 401), (.name, .certificate, 403),
            (.issuerUnreachable, .token, 503), (.revocationUnknown, .certificate, 401),
        ])
    func statuses(reason: Reason, layer: Layer, status: Int) {
        let rejection = Rejection(Refusal(reason), layer: layer, scopes: [])
        #expect("\(rejection.status(for: ServerRequest(id: "1")))".hasPrefix("\(status) "))
    }

    @Test("A caller without a credential is told nothing but how to present one")
    func quietChallenge() throws {
        var parts = try Self.parts()
        parts.policy = ServerScheme.apiKey.policy
        let rejection = Rejection(Refusal(.missing), layer: .apiKey, scopes: ["mcp:read"])
        #expect(parts.challenges(parts, ServerRequest(id: "1"), rejection).map(\.fieldValue) == [#"Bearer realm="mcp""#])
    }

    @Test("A lack of scope names every scope the call needs")
    func scopeChallenge() throws {
        var parts = try Self.parts()
        parts.policy = ServerScheme.oauthJWT.policy
        let rejection = Rejection(Refusal(.scope), layer: nil, scopes: ["mcp:write", "mcp:read"])
        let values = parts.challenges(parts, ServerRequest(id: "1"), rejection).map(\.fieldValue)
        #expect(values == [#"Bearer error="insufficient_scope", scope="mcp:read mcp:write""#])
    }
}
