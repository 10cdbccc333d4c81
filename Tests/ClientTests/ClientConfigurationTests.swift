import Client
import MCP
import Testing

@Suite("ClientConfiguration")
struct ClientConfigurationTests {
    @Test("A whole document is read")
    func whole() throws {
        let configuration = try ClientConfiguration(
            parsing: """
                {"server":"https://127.0.0.1:4381/mcp","ca":"ca.pem","era":"2025-11-25","server_name":null,"scheme":"layered","api_key_file":null,
                 "certificate":"a.pem","key":"a.key",
                 "oauth":{"issuer":null,"client_id":"alice","client_secret_file":"f","scopes":["mcp:read"],"resource":null}}
                """, file: "c.json")
        #expect(configuration.era == .stateful)
        #expect(configuration.scheme == .layered)
        #expect(configuration.oauth?.scopes == ["mcp:read"])
        #expect(configuration.oauth?.clientSecret == .file("f"))
    }

    @Test(
        "A wrong document is told by file, line and column",
        arguments: [
            ("{\n \"server\":1,\"scheme\":\"none\"}", "c.json:2:2: error: server: expected a text"),
            ("{\"server\":\"https://a/\",\"scheme\":\"none\",\n\"servername\":\"x\"}", "c.json:2:1: error: servername: is not known"),
            ("{\"server\":\"https://a/\"", "c.json:1:23: error: this is not JSON"),
            ("[]", "c.json:1:1: error: expected an object"),
            ("{\"server\":\"https://a/\"}", "c.json:1:1: error: scheme: is required"),
            ("{\"server\":\"https://a/\",\"scheme\":\"mtls\"}", "c.json:1:1: error: certificate: the scheme mtls needs it"),
            (
                "{\"server\":\"https://a/\",\"scheme\":\"none\",\"api_key_file\":\"k\"}",
                "error: api_key_file: the scheme none does not use it"
            ),
            (
                "{\"server\":\"http://a/\",\"scheme\":\"mtls\",\"certificate\":\"c\",\"key\":\"k\"}",
                "error: server: a client certificate needs https"
            ),
            (
                "{\"server\":\"https://a/\",\"scheme\":\"oauth\",\"oauth\":{\"client_id\":\"a\"}}",
                "error: oauth.client_id: needs client_secret_file, key_file or shows_certificate, to prove whose it is"
            ),
        ])
    func wrong(text: String, message: String) {
        do throws(ConfigurationError) {
            _ = try ClientConfiguration(parsing: text, file: "c.json")
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }
}
