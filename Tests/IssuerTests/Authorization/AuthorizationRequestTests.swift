import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Testing

@Suite("Authorization endpoint: which requests are put before a user")
struct AuthorizationRequestTests {
    private let issuer: TestIssuer

    init() async throws {
        issuer = try await TestIssuer()
    }

    @Test(
        "An address to return to that is not registered exactly gets a page and is led nowhere",
        arguments: [
            "https://site.example/callback", "https://site.example/callback?from=issuer&a=b", "https://site.example/callback/x?from=issuer",
            "https://site.example.evil/callback?from=issuer", "https://site.example@evil.example/callback?from=issuer",
            "https://evil.example//site.example/callback?from=issuer", "//evil.example/callback",
            "https://site.example/callback%2f..?from=issuer", "https://site.example/CALLBACK?from=issuer",
            "https://SITE.example/callback?from=issuer", "https://site.example/callback?from=issuer#frag",
            "http://site.example/callback?from=issuer", "https://site.example:8443/callback?from=issuer",
            "https://site.example:443/callback?from=issuer", "https://site.example/callback?from=issuer%00", "javascript:alert(1)",
            "https://site.example\\@evil.example/callback", "/callback", "http://127.0.0.1/callback",
            " https://site.example/callback?from=issuer",
        ])
    func redirectVariants(uri: String) async throws {
        let answer = try await TestBrowser(issuer.endpoints()).get(TestIssuer.query([("redirect_uri", uri)]))
        #expect(answer.status == 400)
        #expect(answer.location == nil)
        #expect(!answer.text.contains("evil"))
        #expect(!answer.isLogin)
    }

    @Test(
        "Between loopback addresses the port may differ, and nothing else",
        arguments: [
            ("http://127.0.0.1/callback", true), ("http://127.0.0.1:1/callback", true), ("http://127.0.0.1:65535/callback", true),
            ("http://127.0.0.1:65536/callback", false), ("http://127.0.0.1:x/callback", false), ("https://127.0.0.1:1/callback", false),
            ("http://127.0.0.2:1/callback", false), ("http://[::1]:1/callback", false), ("http://127.0.0.1:1/callback/", false),
            ("http://127.0.0.1:1@evil.example/callback", false), ("http://127.0.0.1.evil.example/callback", false),
            ("http://localhost:8080/callback", true), ("http://localhost:8081/callback", false), ("http://0x7f.1:1/callback", false),
        ])
    func loopback(uri: String, isGood: Bool) async throws {
        let answer = try await TestBrowser(issuer.endpoints())
            .get(TestIssuer.query([("client_id", "desk"), ("redirect_uri", uri)]))
        #expect(answer.status == (isGood ? 200 : 400))
        #expect(answer.location == nil)
    }

    @Test("An address need not be sent where one is registered, and must be where there are two")
    func missingRedirect() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let query = TestIssuer.query([("redirect_uri", nil)])
        _ = try await browser.logIn(query)
        #expect(try await browser.decide(query).location?.hasPrefix("https://site.example/callback?from=issuer&code=") == true)
        #expect(try await browser.get(TestIssuer.query([("client_id", "desk"), ("redirect_uri", nil)])).status == 400)
    }

    @Test("A client that is unknown, disabled, or has no users gets a page, between two requests that are good")
    func clients() async throws {
        let browser = TestBrowser(issuer.endpoints())
        #expect(try await browser.get(TestIssuer.query()).isLogin)
        for changes in [
            [("client_id", "nobody")], [("client_id", nil)], [("client_id", "machine")],
            [("client_id", "machine"), ("redirect_uri", nil)],
        ] as [[(String, String?)]] {
            let answer = try await browser.get(TestIssuer.query(changes))
            #expect(answer.status == 400 && answer.location == nil && !answer.isLogin)
        }
        _ = try await issuer.store.disable("open", now: start)
        let disabled = try await browser.get(
            TestIssuer.query([("client_id", "open"), ("redirect_uri", "https://open.example/callback")]))
        #expect(disabled.status == 400 && disabled.location == nil)
        #expect(issuer.audit.last?.reason == .revoked)
        #expect(try await browser.get(TestIssuer.query()).isLogin)
    }

    @Test("client_id or redirect_uri sent twice gets a page, even when both are good", arguments: ["client_id", "redirect_uri"])
    func repeatedTarget(name: String) async throws {
        let value = name == "client_id" ? "site" : "https://site.example/callback?from=issuer"
        let answer = try await TestBrowser(issuer.endpoints()).get(TestIssuer.query() + "&\(name)=\(TestIssuer.encode(value))")
        #expect(answer.status == 400 && answer.location == nil)
    }

    @Test(
        "Other mistakes are told to the client, with the state and the issuer",
        arguments: [
            ([("response_type", nil)], "invalid_request"), ([("response_type", "token")], "unsupported_response_type"),
            ([("response_type", "code token")], "unsupported_response_type"), ([("response_mode", "fragment")], "invalid_request"),
            ([("code_challenge", nil)], "invalid_request"), ([("code_challenge_method", nil)], "invalid_request"),
            ([("code_challenge_method", "plain")], "invalid_request"), ([("code_challenge_method", "s256")], "invalid_request"),
            ([("code_challenge", "short")], "invalid_request"),
            ([("code_challenge", String(repeating: "v", count: 44))], "invalid_request"),
            ([("resource", "relative")], "invalid_target"), ([("resource", "https://a.example/mcp#f")], "invalid_target"),
            ([("resource", nil)], "invalid_target"), ([("scope", "mcp:read admin")], "invalid_scope"),
            ([("scope", "a\"b")], "invalid_scope"), ([("scope", " ")], "invalid_scope"),
        ] as [([(String, String?)], String)])
    func toldToClient(changes: [(String, String?)], code: String) async throws {
        let answer = try await TestBrowser(issuer.endpoints()).get(TestIssuer.query(changes))
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix("https://site.example/callback?from=issuer&error=") == true)
        #expect(answer.returned["error"] == code)
        #expect(answer.returned["state"] == "abc")
        #expect(answer.returned["iss"] == TestIssuer.url)
    }

    @Test("A parameter sent twice is told to the client, except a second resource, which is no single target")
    func repeated() async throws {
        let browser = TestBrowser(issuer.endpoints())
        for more in ["&state=x", "&scope=mcp:read", "&unknown=1&unknown=2", "&code_challenge=\(TestIssuer.challenge)"] {
            #expect(try await browser.get(TestIssuer.query() + more).returned["error"] == "invalid_request", "\(more)")
        }
        #expect(try await browser.get(TestIssuer.query() + "&resource=https://b.example/").returned["error"] == "invalid_target")
    }

    @Test("Parameters that nobody knows are passed over, and empty ones are absent")
    func unknown() async throws {
        #expect(try await TestBrowser(issuer.endpoints()).get(TestIssuer.query() + "&audience=x&login_hint=ann&dpop_jkt=").isLogin)
    }

    @Test("Resources that the issuer does not serve are refused")
    func served() async throws {
        let browser = TestBrowser(issuer.endpoints(configuration: { $0.resources = ["https://b.example/mcp"] }))
        #expect(try await browser.get(TestIssuer.query()).returned["error"] == "invalid_target")
        #expect(try await browser.get(TestIssuer.query([("resource", "https://b.example/mcp")])).isLogin)
    }

    @Test("A client that nobody vouches for cannot make the issuer lead people away by a wrong request")
    func noOpenRedirector() async throws {
        let browser = TestBrowser(issuer.endpoints())
        let open: [(String, String?)] = [("client_id", "open"), ("redirect_uri", "https://open.example/callback")]
        for more in [("scope", "admin"), ("prompt", "none"), ("response_type", "token")] as [(String, String?)] {
            let answer = try await browser.get(TestIssuer.query(open + [more]))
            #expect(answer.status == 400 && answer.location == nil)
            #expect(answer.text.contains("open.example"))
            // The user may want to go there, with the answer that the client waits for.
            #expect(answer.text.contains(#"href="https://open.example/callback?error="#))
        }
        // One that came to the user's decision is led back, as he wants.
        _ = try await browser.logIn(TestIssuer.query(open))
        #expect(try await browser.decide(TestIssuer.query(open), "deny").returned["error"] == "access_denied")
    }

    @Test("Broken encoding and other methods get a page")
    func malformed() async throws {
        let browser = TestBrowser(issuer.endpoints())
        #expect(try await browser.get("client_id=%zz").status == 400)
        #expect(try await browser.get("client_id=%FF").status == 400)
        #expect(try await browser.get("").status == 400)
        let other = try await browser.get(TestIssuer.query(), method: "DELETE")
        #expect(other.status == 405)
        #expect(other.headers[.allow] == "GET, POST")
    }

    @Test("The short path is the same endpoint")
    func shortPath() async throws {
        #expect(try await TestBrowser(issuer.endpoints()).get(TestIssuer.query(), path: "/authorize").isLogin)
    }
}
