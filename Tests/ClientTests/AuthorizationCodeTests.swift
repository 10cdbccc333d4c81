import Auth
import Client
import MCP
import Testing

import enum OAuth.ProofKey

@Suite("Authorization code")
struct AuthorizationCodeTests {
    private let clock = ScriptedClock()

    private func client(
        _ login: ScriptedLogin, oauth change: (inout OAuthConfiguration) -> Void = { _ in }, bend: (inout ClientParts) -> Void = { _ in }
    ) throws -> MCPClient {
        try login.client(clock: clock.clock, oauth: change, bend: bend)
    }

    private func failure(_ client: MCPClient) async -> ClientError? { await ScriptedLogin.failure(client) }

    @Test("From the 401 to the answer: login, code, token, call, with a proof key and for this server alone")
    func whole() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(needs: ["mcp:read"]))
        #expect(await failure(try client(login)) == nil)
        let request = try #require(login.authorizations.first)
        #expect(login.authorizations.count == 1)
        #expect(request["response_type"] == "code")
        #expect(request["client_id"] == "desk")
        #expect(request["code_challenge_method"] == "S256")
        #expect(request["code_challenge"]?.utf8.count == 43)
        #expect(request["state"]?.utf8.count == 43)
        #expect(request["scope"] == "mcp:read")
        #expect(request["resource"] == login.server)
        #expect(request["redirect_uri"]?.hasPrefix("http://127.0.0.1:") == true)
        let token = try #require(login.tokenRequests.first)
        #expect(login.tokenRequests.count == 1)
        #expect(token["grant_type"] == "authorization_code")
        #expect(token["client_id"] == "desk")
        #expect(token["resource"] == login.server)
        #expect(token["redirect_uri"] == request["redirect_uri"])
        #expect(
            ProofKey.matches(
                verifier: Secret(try #require(token["code_verifier"])), challenge: try #require(request["code_challenge"])))
        // A public client: it says who it is, and proves nothing.
        #expect(login.tokenFields.first?["Authorization"] == nil)
        #expect(token["client_secret"] == nil)
    }

    @Test("State, proof key and port are new for each request")
    func fresh() async throws {
        let login = ScriptedLogin()
        for _ in 0..<2 { #expect(await failure(try client(login)) == nil) }
        let requests = login.authorizations
        #expect(requests.count == 2)
        #expect(Set(requests.map { $0["state"] }).count == 2)
        #expect(Set(requests.map { $0["code_challenge"] }).count == 2)
    }

    @Test(
        "Without S256 in the issuer's metadata nobody is sent to log in, in either form of metadata",
        arguments: ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"],
        [.null, ["plain"], [], "S256"] as [JSONValue])
    func proofKeyUnsupported(wellKnown: String, methods: JSONValue) async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(metadata: ["code_challenge_methods_supported": methods], wellKnown: wellKnown))
        #expect(await failure(try client(login))?.kind == "protocol")
        #expect(login.authorizations.isEmpty && login.tokenRequests.isEmpty)
        // The check is what refuses it.
        let bent = try client(login, bend: { $0.issuerChecks = $0.issuerChecks.dropping("code-challenge-method") })
        #expect(await failure(bent) == nil)
    }

    @Test(
        "A browser is sent to no address that is not a web page of such an issuer",
        arguments: [
            "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "http://issuer.example/authorize",
            "http://127.0.0.1:4400/authorize", "https://10.0.0.1/authorize", "https://169.254.169.254/", "/authorize",
        ])
    func authorizationEndpoint(address: String) async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(metadata: ["authorization_endpoint": .string(address)]))
        #expect(await failure(try client(login))?.kind == "protocol")
        #expect(login.authorizations.isEmpty && login.tokenRequests.isEmpty)
    }

    @Test(
        "An answer that is not to this question, or of another issuer, ends it before the code goes anywhere",
        arguments: [
            ("state", ["x"], true), ("state", [], true), ("state", ["", ""], true), ("iss", ["https://127.0.0.1:4400/"], true),
            ("iss", ["HTTPS://127.0.0.1:4400"], true), ("iss", ["https://127.0.0.1:04400"], true), ("iss", ["https://other.example"], true),
            ("iss", [""], true), ("iss", [], true), ("iss", ["https://127.0.0.1:4400", "https://127.0.0.1:4400"], true),
            ("iss", ["https://other.example"], false), ("code", [], true), ("code", ["a", "b"], true),
        ] as [(String, [String], Bool)])
    func answers(name: String, values: [String], isAnnounced: Bool) async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(
                metadata: ["authorization_response_iss_parameter_supported": isAnnounced ? true : .null],
                brings: { parameters in
                    parameters.removeAll { $0.0 == name }
                    parameters += values.map { (name, $0) }
                }))
        #expect(await failure(try client(login))?.kind == "protocol")
        #expect(login.authorizations.count == 1)
        #expect(login.tokenRequests.isEmpty)
        guard name != "code" else { return }
        let check = name == "iss" ? "issuer" : "state"
        let bent = try client(login, bend: { $0.answerChecks = $0.answerChecks.dropping(check) })
        #expect(await failure(bent) == nil)
    }

    @Test("An issuer that does not announce its name need not say it")
    func nameless() async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(
                metadata: ["authorization_response_iss_parameter_supported": .null], brings: { $0.removeAll { $0.0 == "iss" } }))
        #expect(await failure(try client(login)) == nil)
    }

    @Test("A no is told as one, and the person is not asked again for the next call")
    func denied() async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(brings: { parameters in
                parameters[0] = ("error", "access_denied")
                parameters.append(("error_description", "\u{1B}[2J"))
            }))
        let client = try client(login)
        let no = ClientError.refused(ClientRefusal(by: .issuer, status: nil, error: "access_denied"))
        #expect(await failure(client) == no)
        clock.advance(5)
        #expect(await failure(client) == no)
        #expect(login.authorizations.count == 1)
        clock.advance(6)
        #expect(await failure(client) == no)
        #expect(login.authorizations.count == 2)
        #expect(login.tokenRequests.isEmpty)
    }

    @Test("The error of another issuer is neither acted on nor shown")
    func foreignError() async throws {
        let login = ScriptedLogin(
            ScriptedLogin.Script(brings: { parameters in
                parameters[0] = ("error", "temporarily_unavailable")
                parameters[2] = ("iss", "https://other.example")
            }))
        let error = try #require(await failure(try client(login)))
        #expect(error.kind == "protocol")
        #expect(!error.description.contains("temporarily") && !error.description.contains("other.example"))
    }

    @Test("A person who does not come is waited for as long as is said, and no longer")
    func nobody() async throws {
        let login = ScriptedLogin()
        let client = try client(
            login,
            bend: { parts in
                parts.invite = { _ in }
                parts.loginPatience = .milliseconds(50)
            })
        #expect(await failure(client)?.kind == "transport")
    }

    @Test(
        "A browser that cannot be started, or ends badly, ends the waiting",
        arguments: [["/nowhere/browser"], ["sh", "-c", "exit 3", "sh"]])
    func badBrowser(command: [String]) async throws {
        let login = ScriptedLogin()
        let error = await failure(try client(login, oauth: { $0.browser = command }))
        guard case .local(let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.hasPrefix("\(command[0])"))
    }

    @Test("The address is one argument of the browser, whatever is in it, and no shell reads it")
    func browserArgument() async throws {
        let folder = try Scratch()
        let login = ScriptedLogin(
            ScriptedLogin.Script(metadata: ["authorization_endpoint": "https://127.0.0.1:4400/authorize?a=$(touch%20x)&b=$IFS;'c'"]))
        let client = try client(
            login, oauth: { $0.browser = ["sh", "-c", #"printf '%s\n' "$#" "$1" > "$0"; exit 9"#, folder.path("seen")] })
        #expect(await failure(client)?.kind == "protocol")
        let lines = try folder.read("seen").split(separator: "\n")
        #expect(lines.first == "1")
        #expect(
            lines.last?.hasPrefix("https://127.0.0.1:4400/authorize?a=$(touch%20x)&b=$IFS;'c'&response_type=code&client_id=desk&") == true)
    }

    @Test("A browser inherits nothing that is open here")
    func browserDescriptors() async throws {
        let folder = try Scratch()
        let login = ScriptedLogin()
        let client = try client(login, oauth: { $0.browser = ["sh", "-c", #"ls /proc/$$/fd > "$0"; exit 9"#, folder.path("open")] })
        #expect(await failure(client) != nil)
        #expect(try folder.read("open").split(separator: "\n").compactMap { Int($0) }.filter { $0 < 10 } == [0, 1, 2])
    }

    @Test("A server that refuses the token of a login at once does not make the person log in for each call")
    func loginLoop() async throws {
        let login = ScriptedLogin(ScriptedLogin.Script(givesRefreshTokens: false))
        let client = try client(login)
        #expect(await failure(client) == nil)
        login.change { $0.refusesAll = true }
        for _ in 0..<5 { #expect(await failure(client)?.status == 401) }
        #expect(login.authorizations.count == 2)
        login.change { $0.refusesAll = false }
        clock.advance(61)
        login.revokeAccess()
        #expect(await failure(client) == nil)
        #expect(login.authorizations.count == 3)
    }
}
