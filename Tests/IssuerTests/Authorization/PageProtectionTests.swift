import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Testing

@Suite("Pages: forged forms, frames, markup, cookies")
struct PageProtectionTests {
    private let issuer: TestIssuer
    private let query = TestIssuer.query()

    init() async throws {
        issuer = try await TestIssuer()
    }

    @Test("No page can be framed, run a script, or be kept")
    func headers() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let login = try await browser.get(query)
        let wrong = try await browser.logIn(query, password: "wrong password")
        _ = try await browser.logIn(query)
        let consent = try await browser.get(query)
        let error = try await browser.get("client_id=nobody")
        for page in [login, wrong, consent, error] {
            let policy = page.headers[.contentSecurityPolicy] ?? ""
            for directive in ["default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'", "base-uri 'none'"] {
                #expect(policy.contains(directive), "\(directive)")
            }
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(page.headers[.xContentTypeOptions] == "nosniff")
            #expect(page.headers.first { $0.name.canonicalName == "x-frame-options" }?.value == "DENY")
            #expect(page.headers.first { $0.name.canonicalName == "referrer-policy" }?.value == "no-referrer")
            #expect(!page.text.contains("<script") && !page.text.contains(" style="))
        }
        #expect(login.headers[.contentSecurityPolicy]?.contains("form-action 'self' https://site.example;") == true)
        #expect(error.headers[.contentSecurityPolicy]?.contains("form-action 'none'") == true)
    }

    @Test(
        "The form of a page may lead to where the answer goes, and nowhere else",
        arguments: [
            ("http://127.0.0.1:4567/callback", "http://127.0.0.1:4567"), ("http://[::1]:4567/callback", "http:"),
            ("com.example.app:/callback", "com.example.app:"), ("https://a.example:8443/x", "https://a.example:8443"),
        ])
    func formAction(uri: String, source: String) async throws {
        try await issuer.add("other", redirect: [uri], authentication: .none)
        let page = try await TestBrowser(issuer.endpoints()).get(TestIssuer.query([("client_id", "other"), ("redirect_uri", uri)]))
        #expect(page.headers[.contentSecurityPolicy]?.contains("form-action 'self' \(source);") == true)
    }

    @Test("A login form from elsewhere is not taken: no token, another browser's, another request's")
    func loginForgery() async throws {
        let victim = TestBrowser(issuer.endpoints())
        let mine = try await victim.get(query)
        let attacker = try await TestBrowser(issuer.endpoints()).get(query)
        for token in ["", "x", attacker.token, mine.token + "A"] {
            let answer = try await victim.post(query, [("token", token), ("username", "ann"), ("password", TestIssuer.password)])
            #expect(answer.status == 403 && answer.location == nil && answer.isLogin)
            #expect(issuer.audit.last?.reason == .binding)
        }
        let elsewhere = TestIssuer.query([("state", "other")])
        #expect(
            try await victim.post(elsewhere, [("token", mine.token), ("username", "ann"), ("password", TestIssuer.password)]).status == 403)
        let bare = TestBrowser(issuer.endpoints())
        #expect(try await bare.post(query, [("token", mine.token), ("username", "ann"), ("password", TestIssuer.password)]).status == 403)
        let good = try await victim.post(query, [("token", mine.token), ("username", "ann"), ("password", TestIssuer.password)])
        #expect(good.status == 303)
    }

    @Test("A consent form from elsewhere is not taken, and gives no code")
    func consentForgery() async throws {
        let victim = TestBrowser(issuer.endpoints())
        _ = try await victim.logIn(query)
        let attacker = TestBrowser(issuer.endpoints())
        _ = try await attacker.logIn(query, as: "bob")
        let mine = try await victim.get(query)
        let (foreign, other) = (try await attacker.get(query), try await victim.get(TestIssuer.query([("scope", "mcp:write")])))
        for token in ["", foreign.token, other.token] {
            let answer = try await victim.post(query, [("token", token), ("decision", "allow")])
            #expect(answer.status == 403 && answer.location == nil && answer.isConsent)
        }
        #expect(try await issuer.store.consents().isEmpty)
        #expect(try await victim.post(query, [("token", mine.token), ("decision", "perhaps")]).status == 400)
        // A token for the login form is none for this one.
        let fresh = TestBrowser(issuer.endpoints())
        let form = try await fresh.get(query)
        #expect(try await fresh.post(query, [("token", form.token), ("decision", "allow")]).isLogin)
        #expect(try await victim.post(query, [("token", mine.token), ("decision", "allow")]).returned["code"] != nil)
    }

    @Test("Cookies are for this host, TLS and the server only; on plain loopback they do without TLS")
    func cookies() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let login = try await browser.get(query)
        let inside = try await browser.logIn(query)
        for cookie in login.setCookies + inside.setCookies {
            #expect(cookie.hasPrefix("__Host-"))
            for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] { #expect(cookie.contains(attribute)) }
            #expect(!cookie.contains("Domain"))
        }
        #expect(inside.setCookies.count == 2)
        let plain = try await TestBrowser(issuer.endpoints(url: "http://127.0.0.1:4400")).get(query)
        #expect(plain.setCookies.count == 1)
        #expect(plain.setCookies.allSatisfy { !$0.hasPrefix("__Host-") && !$0.contains("Secure") && $0.contains("HttpOnly") })
        let other = try await TestBrowser(issuer.endpoints(url: "http://127.0.0.1:4401")).get(query)
        #expect(plain.setCookies.first?.prefix { $0 != "=" } != other.setCookies.first?.prefix { $0 != "=" })
    }

    @Test("A login cookie is new with each login, and only its hash is kept")
    func fixation() async throws {
        let browser = TestBrowser(issuer.endpoints())
        _ = try await browser.logIn(query)
        let first = try #require(browser.cookies.first { $0.key.contains("login") })
        _ = try await browser.logIn(TestIssuer.query([("prompt", "login")]))
        let second = try #require(browser.cookies.first { $0.key.contains("login") })
        #expect(first.value != second.value)
        #expect(first.value.utf8.count == 43)
        #expect(try await issuer.store.login(hash: ClientSecret.hash(Secret(first.value)), now: start) == nil)
        let file =
            try Data(contentsOf: URL(filePath: issuer.file.path))
            + ((try? Data(contentsOf: URL(filePath: issuer.file.path + "-wal"))) ?? Data())
        #expect(file.range(of: Data(second.value.utf8)) == nil)
        #expect(file.range(of: Data(TestIssuer.password.utf8)) == nil)
        browser.replaceCookie(where: { $0.contains("login") }, with: String(second.value.reversed()))
        #expect(try await browser.get(query).isLogin)
    }

    @Test("Nothing that a client says becomes markup, nor turns what stands beside it round")
    func escaping() async throws {
        try await issuer.add("bad", redirect: ["https://site.example/callback?from=issuer"], authentication: .none)
        var client = try #require(try await issuer.store.registration("bad")).client
        client.name = "<b>\"'&</title><script>alert(1)</script>\u{202E}evil"
        client.scopes = ["<i>x</i>", "mcp:read"]
        try await issuer.store.replaceClient(client)
        let browser = TestBrowser(issuer.endpoints(configuration: { $0.resources = ["https://a.example/'mcp'"] }))
        let query = TestIssuer.query([("client_id", "bad"), ("scope", "<i>x</i> mcp:read"), ("resource", "https://a.example/'mcp'")])
        let login = try await browser.get(query)
        _ = try await browser.logIn(query, as: "<u>", password: "wrong password")
        let wrong = try await browser.logIn(query, as: "\"><u>", password: "wrong password")
        _ = try await browser.logIn(query)
        let consent = try await browser.get(query)
        #expect(consent.isConsent)
        for page in [login, wrong, consent] {
            for markup in ["<b>", "<script", "<i>", "<u>", "\u{202E}", "/'mcp'"] { #expect(!page.text.contains(markup), "\(markup)") }
        }
        #expect(consent.text.contains("&lt;i&gt;x&lt;/i&gt;"))
    }

    @Test("The consent page warns of programs on this machine and of names that nobody checked")
    func warnings() async throws {
        let browser = TestBrowser(issuer.endpoints())
        _ = try await browser.logIn(query)
        #expect(try await !browser.get(query).text.contains("class=\"warn\""))
        let desk = try await browser.get(TestIssuer.query([("client_id", "desk"), ("redirect_uri", "http://127.0.0.1:1/callback")]))
        #expect(desk.text.contains("this computer") && !desk.text.contains("Not verified"))
        let open = try await browser.get(TestIssuer.query([("client_id", "open"), ("redirect_uri", "https://open.example/callback")]))
        #expect(open.text.contains("Not verified") && !open.text.contains("this computer"))
        #expect(open.text.contains(">open.example<"))
    }
}
