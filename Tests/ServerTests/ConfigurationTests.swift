import Server
import Testing

struct ConfigurationTests {
    private func problem(_ text: String) -> String? {
        do {
            _ = try ServerConfiguration(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("The least configuration is a scheme")
    func least() throws {
        let configuration = try ServerConfiguration(parsing: #"{"scheme":"api-key"}"#)
        #expect(configuration.keyLifetimeDays == 90)
        #expect(configuration.leewaySeconds == 0)
        #expect(configuration.listen.port == 0)
    }

    @Test(
        "What is wrong is named with its line and column",
        arguments: [
            ("{\n \"scheme\": \"api-key\",\n \"shceme\": 1}", "3:12: error: unknown member shceme"),
            ("{\"scheme\": \"api-key\", \"listen\": {\"prot\": 1}}", "1:42: error: unknown member prot"),
            (
                "{\"scheme\": \"apikey\"}",
                "1:12: error: scheme must be one of none, api-key, oauth-jwt, oauth-introspection, mtls, mtls-crl, mtls-ocsp, layered"
            ),
            ("{\"scheme\": \"api-key\", \"listen\": {\"port\": 70000}}", "1:42: error: port must be a whole number from 0 to 65535"),
            ("{\"scheme\": \"api-key\", \"listen\": {\"port\": \"1\"}}", "1:42: error: port must be a whole number from 0 to 65535"),
            ("{\"scheme\": \"api-key\",}", "1:22: error: expected a member name"),
            ("{}", "1:1: error: scheme is required"),
            ("[]", "1:1: error: expected an object"),
            ("{\"scheme\": \"mtls\"}", "1:12: error: mtls needs tls"),
            ("{\"scheme\": \"oauth-jwt\"}", "1:12: error: oauth-jwt needs issuers"),
            (
                "{\"scheme\": \"api-key\", \"listen\": {\"host\": \"0.0.0.0\"}}",
                "1:33: error: without tls only the loopback interface may be used"
            ),
        ])
    func problems(text: String, expected: String) {
        #expect(problem(text) == expected)
    }

    @Test("A client of the allow-list needs a name to be known by")
    func namelessClient() {
        let text = #"{"scheme":"mtls","tls":{"certificate":"a","key":"b","client_ca":"c"},"clients":[{"principal":"alice"}]}"#
        #expect(problem(text)?.hasSuffix("a client needs a uri, dns or cn") == true)
    }
}
