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

    private func oauth(_ members: String) throws(ConfigurationError) -> OAuthConfiguration? {
        try ClientConfiguration(parsing: #"{"server":"https://a/","scheme":"oauth","oauth":{\#(members)}}"#, file: "c.json").oauth
    }

    @Test("A client for a person is read")
    func person() throws {
        let oauth = try #require(
            try oauth(
                #""grant":"authorization_code","client_id":"desk","browser":["xdg-open"],"cache":"t.json","redirect_uri":"http://[::1]:0/back""#
            ))
        #expect(oauth.grant == .authorizationCode)
        #expect(oauth.clientID == "desk" && oauth.clientSecret == nil)
        #expect(oauth.browser == ["xdg-open"])
        #expect(oauth.cache == "t.json")
        #expect(oauth.redirectURI == RedirectURI("http://[::1]:0/back"))
        let unregistered = try #require(
            try self.oauth(
                #""grant":"authorization_code","client_metadata_url":"https://c.example/m.json","dynamic_registration":true"#))
        #expect(unregistered.clientID == nil && unregistered.clientMetadataURL?.host == "c.example" && unregistered.dynamicRegistration)
    }

    @Test(
        "What does not go together is told by the member that is at fault",
        arguments: [
            (#""client_id":"a","client_secret_file":"f","browser":["b"]"#, "browser"),
            (#""client_id":"a","client_secret_file":"f","redirect_uri":"http://127.0.0.1:0/c""#, "redirect_uri"),
            (#""client_id":"a","client_secret_file":"f","dynamic_registration":true"#, "dynamic_registration"),
            (#""client_secret_file":"f""#, "client_id"), (#""client_id":"a","client_secret_file":"f","key_file":"k""#, "key_file"),
            (#""grant":"password","client_id":"a""#, "grant"), (#""grant":"authorization_code""#, "client_id"),
            (#""grant":"authorization_code","client_id":"a","dynamic_registration":true"#, "dynamic_registration"),
            (#""grant":"authorization_code","client_id":"a","client_metadata_url":"https://c/m""#, "client_metadata_url"),
            (#""grant":"authorization_code","client_metadata_url":"http://c/m""#, "client_metadata_url"),
            (#""grant":"authorization_code","client_metadata_url":"https://c/""#, "client_metadata_url"),
            (#""grant":"authorization_code","client_metadata_url":"c""#, "client_metadata_url"),
            (#""grant":"authorization_code","dynamic_registration":true,"client_secret_file":"f""#, "client_secret_file"),
            (#""grant":"authorization_code","client_id":"a","redirect_uri":"https://a.example/c""#, "redirect_uri"),
            (#""grant":"authorization_code","client_id":"a","browser":"firefox""#, "browser"),
            (#""grant":"authorization_code","client_id":"a","browser":[""]"#, "browser"),
            (#""grant":"authorization_code","client_id":"a","cache":7"#, "cache"),
            (#""grant":"authorization_code","client_id":"a","scopes":["a\"b"]"#, "scopes"),
        ])
    func contradictions(members: String, member: String) {
        do throws(ConfigurationError) {
            _ = try oauth(members)
            Issue.record("accepted")
        } catch {
            #expect(error.message.hasPrefix("oauth.\(member): "), "\(error)")
        }
    }
}
