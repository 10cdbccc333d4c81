import Auth
import Issuer
import Serving
import Testing

@Suite("The issuer's configuration of users and open clients")
struct AuthorizationConfigurationTests {
    private func parse(_ members: String) throws -> IssuerConfiguration {
        try IssuerConfiguration(parsing: #"{"store":"s.sqlite"\#(members)}"#, file: "issuer.json")
    }

    @Test("What is left out is as documented: nobody registers alone, and nobody is asked about URLs")
    func defaults() throws {
        let configuration = try parse("")
        #expect(configuration.codeLifetimeSeconds == 60)
        #expect(configuration.loginLifetimeSeconds == 3600)
        #expect(!configuration.dynamicRegistration && !configuration.clientIDMetadata && !configuration.clientIDMetadataPrivate)
        #expect(configuration.clientIDMetadataCA == nil)
        #expect(configuration.openScopes == ["mcp:read", "mcp:write", "mcp:execute"])
    }

    @Test("What is said is taken")
    func given() throws {
        let configuration = try parse(
            #"""
            ,"code_lifetime_seconds":600,"login_lifetime_seconds":1,"dynamic_registration":true,"client_id_metadata":true,
            "client_id_metadata_ca":"ca.pem","client_id_metadata_private":true,"open_scopes":["mcp:read"]
            """#)
        #expect(configuration.codeLifetimeSeconds == 600 && configuration.loginLifetimeSeconds == 1)
        #expect(configuration.dynamicRegistration && configuration.clientIDMetadata && configuration.clientIDMetadataPrivate)
        #expect(configuration.clientIDMetadataCA == "ca.pem")
        #expect(configuration.openScopes == ["mcp:read"])
    }

    @Test(
        "What makes no sense is refused, and the member named",
        arguments: [
            ("code_lifetime_seconds", "0"), ("code_lifetime_seconds", "601"), ("login_lifetime_seconds", "0"),
            ("login_lifetime_seconds", "86401"), ("open_scopes", "[]"), ("open_scopes", #"["a b"]"#), ("open_scopes", #""mcp:read""#),
            ("client_id_metadata_private", "true"), ("client_id_metadata_ca", #""ca.pem""#), ("dynamic_registration", "1"),
        ])
    func refused(member: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(#","\#(member)":\#(value)"#) }
        #expect(error?.description.contains(member.replacing("_private", with: "").replacing("_ca", with: "")) == true)
    }
}
