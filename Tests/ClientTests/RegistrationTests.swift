import Auth
import Client
import MCP
import Testing

@Suite("Registration")
struct RegistrationTests {
    private let clock = ScriptedClock()
    private let registers: [String: JSONValue] = ["registration_endpoint": "https://127.0.0.1:4400/register"]
    private let document = WebAddress("https://client.example/metadata.json")

    @Test("A client registers itself once, as a native public one that wants refresh tokens")
    func dynamic() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(metadata: registers))
        let client = try login.client(clock: clock.clock) { oauth in
            oauth.clientID = nil
            oauth.dynamicRegistration = true
        }
        #expect(await ScriptedLogin.failure(client) == nil)
        let asked = try #require(login.registrations.first)
        #expect(asked["application_type"] == "native")
        #expect(asked["grant_types"] == ["authorization_code", "refresh_token"])
        #expect(asked["token_endpoint_auth_method"] == "none")
        #expect(asked["redirect_uris"] == [.string(try #require(login.authorizations.first?["redirect_uri"]))])
        #expect(login.authorizations.first?["client_id"] == "registered-1")
        #expect(login.tokenRequests.first?["client_id"] == "registered-1")
        login.endGrant()
        login.revokeAccess()
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.registrations.count == 1)
    }

    @Test("A metadata document comes before registration where the issuer reads such, and only there", arguments: [true, false])
    func metadataDocument(reads: Bool) async throws {
        var metadata = registers
        metadata["client_id_metadata_document_supported"] = .bool(reads)
        let login = ScriptedLogin(ScriptedLogin.Script(metadata: metadata))
        let client = try login.client(clock: clock.clock) { oauth in
            oauth.clientID = nil
            oauth.clientMetadataURL = document
            oauth.dynamicRegistration = true
        }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.first?["client_id"] == (reads ? document?.text : "registered-1"))
        #expect(login.registrations.count == (reads ? 0 : 1))
    }

    @Test("An issuer that offers no way to become known is told, before anybody logs in")
    func noWay() async throws {
        let login = ScriptedLogin()
        let client = try login.client(clock: clock.clock) { oauth in
            oauth.clientID = nil
            oauth.clientMetadataURL = document
            oauth.dynamicRegistration = true
        }
        #expect(await ScriptedLogin.failure(client)?.kind == "protocol")
        #expect(login.authorizations.isEmpty)
    }

    @Test("A refused registration is told by its error")
    func refused() async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(metadata: registers, registration: ScriptedPeer.json(["error": "invalid_redirect_uri"], status: 400)))
        let client = try login.client(clock: clock.clock) { oauth in
            oauth.clientID = nil
            oauth.dynamicRegistration = true
        }
        #expect(
            await ScriptedLogin.failure(client)
                == .refused(ClientRefusal(by: .issuer, status: 400, error: "invalid_redirect_uri")))
        #expect(login.authorizations.isEmpty)
    }

    @Test("A secret that the issuer gives at registration is used as it says", arguments: ["client_secret_basic", "client_secret_post"])
    func secret(method: String) async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(
                metadata: registers,
                registration: ScriptedPeer.json(
                    ["client_id": "r", "client_secret": "s", "client_secret_expires_at": 0, "token_endpoint_auth_method": .string(method)],
                    status: 201)))
        let client = try login.client(clock: clock.clock) { oauth in
            oauth.clientID = nil
            oauth.dynamicRegistration = true
        }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect((login.tokenFields.first?["Authorization"] != nil) == (method == "client_secret_basic"))
        #expect((login.tokenRequests.first?["client_secret"] == "s") == (method == "client_secret_post"))
    }

    @Test("A registration that the issuer has lost is made anew")
    func lost() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(metadata: registers))
        let client = try login.client(clock: clock.clock) { oauth in
            oauth.clientID = nil
            oauth.dynamicRegistration = true
        }
        #expect(await ScriptedLogin.failure(client) == nil)
        login.revokeAccess()
        login.change { $0.tokenAnswers = [ScriptedPeer.json(["error": "invalid_client"], status: 401)] }
        #expect(await ScriptedLogin.failure(client) == nil)
        #expect(login.authorizations.compactMap { $0["client_id"] } == ["registered-1", "registered-2"])
    }
}
