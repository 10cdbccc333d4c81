import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Synchronization
import Testing

@Suite("Authorization endpoint: login, consent, code")
struct AuthorizationFlowTests {
    private let issuer: TestIssuer
    private let query = TestIssuer.query()

    init() async throws {
        issuer = try await TestIssuer()
    }

    /// The code, at the token endpoint.
    private func redeem(_ code: String, at endpoints: IssuerEndpoints) async throws -> [String: JSONValue] {
        let body =
            "grant_type=authorization_code&code=\(code)&redirect_uri=\(TestIssuer.encode("https://site.example/callback?from=issuer"))"
            + "&code_verifier=\(TestIssuer.verifier.reveal())"
        let answer = try await endpoints.answer(
            IssuerRequest(
                method: "POST", path: "/oauth/token", authorization: ["Basic " + Data("site:secret+of+site".utf8).base64EncodedString()],
                contentType: ["application/x-www-form-urlencoded"], id: "r"
            ) { () throws(OAuthError) in Array(body.utf8) })
        return try OAuth.StrictJSON.parseObject(answer.body)
    }

    @Test("Login, consent, and a code that the token endpoint takes for the user's tokens")
    func whole() async throws {
        let endpoints = issuer.endpoints()
        let browser = TestBrowser(endpoints)
        let login = try await browser.get(query)
        #expect(login.status == 200 && login.isLogin)
        #expect(login.text.contains("The site"))
        let in1 = try await browser.logIn(query)
        #expect(in1.status == 303)
        #expect(in1.location == "/oauth/authorize?\(query)")
        let consent = try await browser.get(query)
        #expect(consent.status == 200 && consent.isConsent)
        for shown in ["ann", "The site", "site.example", TestIssuer.resource, "mcp:read"] {
            #expect(consent.text.contains(shown), "\(shown)")
        }
        let back = try await browser.decide(query)
        #expect(back.status == 303)
        #expect(back.location?.hasPrefix("https://site.example/callback?from=issuer&code=") == true)
        #expect(back.returned["state"] == "abc")
        #expect(back.returned["iss"] == TestIssuer.url)
        let tokens = try await redeem(try #require(back.returned["code"]), at: endpoints)
        #expect(tokens["scope"] == .string("mcp:read"))
        #expect(tokens["refresh_token"]?.string?.isEmpty == false)
        let token = try #require(tokens["access_token"]?.string)
        let claims = try OAuth.StrictJSON.parseObject(try #require(Base64URL.decode(token.split(separator: ".")[1])))
        #expect(claims["sub"] == .string("ann"))
        #expect(claims["aud"] == .string(TestIssuer.resource))
        #expect(claims["client_id"] == .string("site"))
    }

    @Test("What was allowed once is not asked again; more than that is, and so is another resource")
    func remembered() async throws {
        let browser = TestBrowser(issuer.endpoints())
        _ = try await browser.logIn(query)
        _ = try await browser.decide(query)
        #expect(try await browser.get(query).returned["code"] != nil)
        #expect(try await browser.get(TestIssuer.query([("scope", "mcp:read mcp:write")])).isConsent)
        #expect(try await browser.get(TestIssuer.query([("resource", "https://b.example/mcp")])).isConsent)
        #expect(try await browser.get(TestIssuer.query([("prompt", "consent")])).isConsent)
        _ = try await IssuerAdministration(store: issuer.store, now: start, audit: issuer.audit).revokeConsents(of: "ann", client: "site")
        #expect(try await browser.get(query).isConsent)
    }

    @Test("A public client on the user's own machine is asked about every time")
    func everyTime() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let query = TestIssuer.query([("client_id", "desk"), ("redirect_uri", "http://127.0.0.1:4567/callback")])
        _ = try await browser.logIn(query)
        let back = try await browser.decide(query)
        #expect(back.location?.hasPrefix("http://127.0.0.1:4567/callback?code=") == true)
        #expect(try await browser.get(query).isConsent)
    }

    @Test("A user who says no is led back with access_denied")
    func denied() async throws {
        let browser = TestBrowser(issuer.endpoints())
        _ = try await browser.logIn(query)
        let back = try await browser.decide(query, "deny")
        #expect(back.status == 303)
        #expect(back.returned["error"] == "access_denied")
        #expect(back.returned["state"] == "abc")
        #expect(back.returned["iss"] == TestIssuer.url)
        #expect(back.returned["code"] == nil)
        #expect(try await browser.get(query).isConsent)
    }

    @Test(
        "The state comes back to the byte, whatever is in it",
        arguments: ["a b+c%20&d=e?f#g/h", "\"<script>'\\", "\u{E9}\u{1F600}", "%%25", " ", "\u{1}\u{7F}"])
    func state(state: String) async throws {
        let browser = TestBrowser(issuer.endpoints())
        let query = TestIssuer.query([("state", state)])
        _ = try await browser.logIn(query)
        let back = try await browser.decide(query)
        #expect(try #require(back.returned["state"]).utf8.elementsEqual(state.utf8))
        #expect(back.location?.allSatisfy { $0.isASCII && $0 != " " } == true)
    }

    @Test("Without a state none comes back")
    func noState() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let query = TestIssuer.query([("state", nil)])
        _ = try await browser.logIn(query)
        let back = try await browser.decide(query)
        #expect(back.returned["code"] != nil && back.returned["state"] == nil)
    }

    @Test("A wrong password, a name that nobody has and a disabled user get the same page")
    func noEnumeration() async throws {
        _ = try await issuer.store.disableUser("bob", now: start)
        var pages: [TestBrowser.Answer] = []
        for (name, password) in [("ann", "wrong password"), ("nobody", "wrong password"), ("bob", TestIssuer.password), ("ann", "")] {
            pages.append(try await TestBrowser(issuer.endpoints()).logIn(query, as: name, password: password))
        }
        func plain(_ page: TestBrowser.Answer, _ name: String) -> String {
            page.text.replacing(page.token, with: "").replacing("value=\"\(name)\"", with: "")
        }
        #expect(pages.map(\.status) == [403, 403, 403, 403])
        #expect(plain(pages[1], "nobody") == plain(pages[0], "ann"))
        #expect(plain(pages[2], "bob") == plain(pages[0], "ann"))
        #expect(plain(pages[3], "ann") == plain(pages[0], "ann"))
        #expect(pages[0].headers == pages[1].headers)
        #expect(pages.allSatisfy { $0.text.contains("wrong") && $0.isLogin })
    }

    @Test("Logins end with their time, with their user, and with a new password")
    func loginEnds() async throws {
        let browser = TestBrowser(issuer.endpoints())
        _ = try await browser.logIn(query)
        #expect(try await browser.get(query).isConsent)
        let late = TestBrowser(issuer.endpoints(now: later(3600)))
        _ = try await late.get(query)
        #expect(try await late.get(query).isLogin)
        try await issuer.store.setPassword(of: "ann", hash: PasswordHash(of: Secret("another one"), cost: TestIssuer.cheap).text)
        #expect(try await browser.get(query).isLogin)
        _ = try await browser.logIn(query, password: "another one")
        #expect(try await browser.get(query).isConsent)
        _ = try await issuer.store.disableUser("ann", now: start)
        #expect(try await browser.get(query).isLogin)
    }

    @Test("A login lasts as long as the configuration says")
    func loginLifetime() async throws {
        let browser = TestBrowser(issuer.endpoints(configuration: { $0.loginLifetimeSeconds = 10 }))
        _ = try await browser.logIn(query)
        let hashes = try #require(browser.cookies.first { $0.key.contains("login") })
        let hash = ClientSecret.hash(Secret(hashes.value))
        #expect(try await issuer.store.login(hash: hash, now: later(9.9))?.user == "ann")
        #expect(try await issuer.store.login(hash: hash, now: later(10)) == nil)
    }

    @Test("prompt=login asks although somebody is logged in, once; prompt=none asks nothing")
    func prompts() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let none = TestIssuer.query([("prompt", "none")])
        #expect(try await browser.get(none).returned["error"] == "login_required")
        _ = try await browser.logIn(query)
        #expect(try await browser.get(none).returned["error"] == "consent_required")
        let again = TestIssuer.query([("prompt", "login consent")])
        #expect(try await browser.get(again).isLogin)
        let redirect = try await browser.logIn(again, as: "bob")
        let next = try #require(redirect.location?.split(separator: "?", maxSplits: 1).last.map(String.init))
        #expect(try await browser.get(next).text.contains("bob"))
        _ = try await browser.decide(next)
        #expect(try await browser.get(none).returned["code"] != nil)
        #expect(try await browser.get(TestIssuer.query([("prompt", "none login")])).returned["error"] == "invalid_request")
        #expect(try await browser.get(TestIssuer.query([("prompt", "select_account")])).returned["code"] != nil)
    }

    @Test("Decisions are on the audit trail, and nothing secret is")
    func audited() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let before = issuer.audit.records.withLock { $0.count }
        _ = try await browser.logIn(query, password: "wrong password")
        #expect(issuer.audit.last?.reason == .unknown)
        #expect(issuer.audit.last?.principal == "ann")
        _ = try await browser.logIn(query)
        #expect(issuer.audit.last?.decision == .allowed)
        let back = try await browser.decide(query)
        #expect(issuer.audit.last?.scopes == "mcp:read")
        #expect(issuer.audit.last?.detail?.contains("client site") == true)
        let records = issuer.audit.records.withLock { Array($0.dropFirst(before)) }
        #expect(records.map(\.decision) == [.refused, .allowed, .allowed])
        let text = records.map { "\($0)" }.joined()
        for secret in [TestIssuer.password, "wrong password", back.returned["code"] ?? "?"] + browser.cookies.values {
            #expect(!text.contains(secret))
        }
    }

    @Test("A code lives as long as the configuration says, and is bound to the key of dpop_jkt")
    func code() async throws {
        let browser = TestBrowser(issuer.endpoints(configuration: { $0.codeLifetimeSeconds = 7 }))
        let thumbprint = Base64URL.encode([UInt8](repeating: 7, count: 32))
        let query = TestIssuer.query([("dpop_jkt", thumbprint)])
        _ = try await browser.logIn(query)
        let code = try #require(try await browser.decide(query).returned["code"])
        let record = try #require(try await issuer.store.code(hash: ClientSecret.hash(Secret(code))))
        #expect(record.expiresAt == later(7))
        #expect(record.keyThumbprint == thumbprint)
        #expect(record.challenge == TestIssuer.challenge)
        #expect(record.redirectURI == "https://site.example/callback?from=issuer")
        #expect(try await browser.get(TestIssuer.query([("dpop_jkt", "short")])).returned["error"] == "invalid_request")
    }

    @Test("One part bent changes that one rule")
    func bent() async throws {
        let silent = TestBrowser(
            issuer.endpoints(bend: { parts in
                parts.authorizationResponse = { response in
                    var response = response
                    response.issuer = nil
                    return response
                }
                parts.redirectStatus = .temporaryRedirect
            }))
        _ = try await silent.logIn(query)
        let back = try await silent.decide(query)
        #expect(back.status == 307)
        #expect(back.returned["iss"] == nil && back.returned["state"] == "abc")
    }
}
