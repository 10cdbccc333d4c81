import Foundation
import HTTPTypes
import Issuer
import OAuth
import Testing

@Suite("What the issuer says of its endpoints for users")
struct AuthorizationMetadataTests {
    private let issuer: TestIssuer

    init() async throws {
        issuer = try await TestIssuer()
    }

    private func document(_ path: String, at endpoints: IssuerEndpoints) async throws -> [String: JSONValue]? {
        let answer = try await endpoints.answer(IssuerRequest(method: "GET", path: path, id: "r"))
        return answer.status.code == 200 ? try OAuth.StrictJSON.parseObject(answer.body) : nil
    }

    @Test("Endpoints, PKCE and the issuer in responses are declared; registration and documents only where they are on")
    func members() async throws {
        let path = "/.well-known/oauth-authorization-server"
        let plain = try #require(try await document(path, at: issuer.endpoints()))
        #expect(plain["authorization_endpoint"] == .string("https://issuer.example/oauth/authorize"))
        #expect(plain["response_types_supported"]?.strings == ["code"])
        #expect(plain["response_modes_supported"]?.strings == ["query"])
        #expect(plain["code_challenge_methods_supported"]?.strings == ["S256"])
        #expect(plain["authorization_response_iss_parameter_supported"] == .bool(true))
        #expect(plain["grant_types_supported"]?.strings?.contains("refresh_token") == true)
        #expect(plain["scopes_supported"]?.strings == ["mcp:execute", "mcp:read", "mcp:write"])
        #expect(plain["registration_endpoint"] == nil && plain["client_id_metadata_document_supported"] == nil)
        let open = try #require(
            try await document(
                path,
                at: issuer.endpoints(configuration: {
                    $0.dynamicRegistration = true
                    $0.clientIDMetadata = true
                })))
        #expect(open["registration_endpoint"] == .string("https://issuer.example/oauth/register"))
        #expect(open["client_id_metadata_document_supported"] == .bool(true))
    }

    @Test(
        "Every place where a client looks has the document of that issuer, and no other place",
        arguments: [
            ("https://issuer.example", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
            (
                "https://issuer.example/a/b",
                [
                    "/.well-known/oauth-authorization-server/a/b", "/.well-known/openid-configuration/a/b",
                    "/a/b/.well-known/openid-configuration",
                ]
            ),
        ])
    func places(url: String, paths: [String]) async throws {
        let endpoints = issuer.endpoints(url: url)
        for path in paths {
            let members = try await document(path, at: endpoints)
            #expect(members?["issuer"] == .string(url), "\(path)")
            // Discovery section 3 requires them, and RFC 8414 does not know them.
            #expect((members?["subject_types_supported"] != nil) == path.contains("openid"))
            #expect((members?["id_token_signing_alg_values_supported"] != nil) == path.contains("openid"))
        }
        for path in ["/.well-known/openid-configuration/x", "/x/.well-known/openid-configuration"] {
            let members = try await document(path, at: endpoints)
            #expect(members == nil)
        }
    }
}
