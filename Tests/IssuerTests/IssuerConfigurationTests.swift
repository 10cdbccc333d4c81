import Issuer
import Serving
import Testing

@Suite("The issuer's configuration of tokens")
struct IssuerConfigurationTests {
    private func parse(_ members: String) throws -> IssuerConfiguration {
        try IssuerConfiguration(parsing: #"{"store":"s.sqlite"\#(members)}"#, file: "issuer.json")
    }

    @Test("What is left out is as documented")
    func defaults() throws {
        let configuration = try parse("")
        #expect(configuration.tokenFormat == .jwt)
        #expect(configuration.refreshLifetimeSeconds == 2_592_000)
        #expect(configuration.refreshGraceSeconds == 10)
        #expect(configuration.passwordCost == 15)
        #expect(!configuration.selfSignedCertificates)
    }

    @Test("What is said is taken")
    func given() throws {
        let configuration = try parse(
            #","token_format":"opaque","refresh_lifetime_seconds":5,"refresh_grace_seconds":0,"password_cost":11"#)
        #expect(configuration.tokenFormat == .opaque)
        #expect(configuration.refreshLifetimeSeconds == 5)
        #expect(configuration.refreshGraceSeconds == 0)
        #expect(configuration.passwordCost == 11)
    }

    @Test(
        "What makes no sense is refused, and the member named",
        arguments: [
            ("refresh_lifetime_seconds", "0"), ("refresh_lifetime_seconds", "31536001"), ("refresh_grace_seconds", "-1"),
            ("refresh_grace_seconds", "61"), ("token_format", #""paseto""#), ("refresh_grace_seconds", #""10""#),
            ("password_cost", "9"), ("password_cost", "21"), ("self_signed_certificates", "true"), ("self_signed_certificates", "1"),
        ])
    func refused(member: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(#","\#(member)":\#(value)"#) }
        #expect(error?.description.contains(member) == true)
    }
}
