import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Synchronization
import Testing

@Suite("Dynamic registration")
struct RegistrationTests {
    private let issuer: TestIssuer
    private let good = #"{"redirect_uris":["https://app.example/callback"],"client_name":"App"}"#

    init() async throws {
        issuer = try await TestIssuer()
    }

    private func endpoints(_ bend: (inout IssuerParts) -> Void = { _ in }) -> IssuerEndpoints {
        issuer.endpoints(configuration: { $0.dynamicRegistration = true }, bend: bend)
    }

    private func register(
        _ body: String, at endpoints: IssuerEndpoints, type: [String] = ["application/json"], method: String = "POST"
    ) async throws -> (status: Int, headers: HTTPFields, members: [String: JSONValue]) {
        let answer = try await endpoints.answer(
            IssuerRequest(method: method, path: "/oauth/register", contentType: type, id: "r", peer: "192.0.2.1:5") {
                () throws(OAuthError) in Array(body.utf8)
            })
        return (answer.status.code, answer.headers, try OAuth.StrictJSON.parseObject(answer.body))
    }

    @Test("A client gets an identifier and a secret, and is told what holds for it")
    func registered() async throws {
        let answer = try await register(good, at: endpoints())
        #expect(answer.status == 201)
        #expect(answer.headers[.cacheControl] == "no-store")
        let id = try #require(answer.members["client_id"]?.string)
        #expect(answer.members["client_id_issued_at"] == .number(start.timeIntervalSince1970))
        #expect(answer.members["client_secret_expires_at"] == .number(0))
        #expect(answer.members["token_endpoint_auth_method"] == .string("client_secret_basic"))
        #expect(answer.members["grant_types"]?.strings == ["authorization_code"])
        #expect(answer.members["response_types"]?.strings == ["code"])
        #expect(answer.members["redirect_uris"]?.strings == ["https://app.example/callback"])
        #expect(answer.members["scope"] == .string("mcp:execute mcp:read mcp:write"))
        let kept = try #require(try await issuer.store.registration(id))
        #expect(kept.client.origin == .dynamic && kept.client.name == "App")
        let secret = try #require(answer.members["client_secret"]?.string)
        #expect(ClientSecret.matches(Secret(secret), hash: try #require(kept.secrets.first?.hash)))
        let audit = issuer.audit.records.withLock { "\($0)" }
        #expect(!audit.contains(secret))
    }

    @Test("A public client gets no secret, and its users are asked")
    func publicClient() async throws {
        let endpoints = endpoints()
        let answer = try await register(
            """
            {"redirect_uris":["http://127.0.0.1:1234/callback"],"token_endpoint_auth_method":"none","application_type":"native",
             "grant_types":["authorization_code","refresh_token"],"response_types":["code"],"client_name":"Desk","scope":"mcp:read",
             "logo_uri":"https://app.example/logo.png","dpop_bound_access_tokens":true}
            """, at: endpoints)
        #expect(answer.status == 201)
        #expect(answer.members["client_secret"] == nil)
        #expect(answer.members["logo_uri"] == nil)
        #expect(answer.members["application_type"] == .string("native"))
        let id = try #require(answer.members["client_id"]?.string)
        #expect(try await issuer.store.registration(id)?.client.binding == .dpop)
        let query = TestIssuer.query([("client_id", id), ("redirect_uri", "http://127.0.0.1:9/callback"), ("scope", "mcp:execute")])
        let browser = TestBrowser(endpoints)
        _ = try await browser.logIn(query)
        #expect(try await browser.get(query).text.contains("Not verified"))
        #expect(try await browser.decide(query).returned["code"] != nil)
    }

    @Test("A client with keys of its own is registered with them")
    func keys() async throws {
        let key = try await SigningKey(generating: .es256)
        let jwks = String(decoding: try JSONEncoder().encode(JSONWebKeySet(keys: [key.publicJWK])), as: UTF8.self)
        let answer = try await register(
            #"{"redirect_uris":["https://app.example/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks":\#(jwks)}"#, at: endpoints()
        )
        #expect(answer.status == 201)
        let kept = try await issuer.store.registration(try #require(answer.members["client_id"]?.string))
        let text = try #require(kept?.client.jwks)
        #expect(await PublishedKeys(jwks: Data(text.utf8))?.kids == [key.kid])
        #expect(answer.members["jwks"]?.object?["keys"]?.array?.count == 1)
    }

    @Test("Keys are told as they were sent, with a purpose or without, and others beside them")
    func foreignKeys() async throws {
        let key = try await SigningKey(generating: .es256).publicJWK
        let own = #"{"kty":"EC","crv":"P-256","alg":"ES256","kid":"mine","x":"\#(key.x ?? "")","y":"\#(key.y ?? "")"}"#
        let other = #"{"kty":"OKP","crv":"Ed25519","kid":"other","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        let jwks = #"{"keys":[\#(own),\#(other)]}"#
        let answer = try await register(
            #"{"redirect_uris":["https://app.example/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks":\#(jwks)}"#, at: endpoints()
        )
        #expect(answer.status == 201)
        #expect(try answer.members["jwks"] == OAuth.StrictJSON.parse(Array(jwks.utf8)))
        let id = try #require(answer.members["client_id"]?.string)
        #expect(await PublishedKeys(jwks: Data((try await issuer.store.registration(id)?.client.jwks ?? "").utf8))?.kids == ["mine"])
    }

    @Test("Nobody leaves more with the issuer than a client needs: keys, letters of a name, bytes")
    func bounds() async throws {
        func registered(_ more: String) async throws -> Int {
            try await register(#"{"redirect_uris":["https://app.example/cb"],\#(more)}"#, at: endpoints()).status
        }
        var keys: [JSONWebKey] = []
        for _ in 0..<11 { keys.append(try await SigningKey(generating: .es256).publicJWK) }
        for (count, status) in [(10, 201), (11, 400)] {
            let jwks = String(decoding: try JSONEncoder().encode(JSONWebKeySet(keys: Array(keys.prefix(count)))), as: UTF8.self)
            #expect(try await registered(#""token_endpoint_auth_method":"private_key_jwt","jwks":\#(jwks)"#) == status)
        }
        // One character of as many women as may be.
        for (count, status) in [(40, 201), (41, 400)] {
            let name = Array(repeating: "\u{1F469}", count: count).joined(separator: "\u{200D}")
            #expect(try await registered(#""client_name":"\#(name)""#) == status)
        }
        for (count, status) in [(16_000, 201), (17_000, 400)] {
            #expect(try await registered(#""logo_uri":"https://app.example/\#(String(repeating: "x", count: count))""#) == status)
        }
    }

    @Test(
        "Addresses that codes must not be sent to are refused",
        arguments: [
            "http://app.example/callback", "https://app.example/callback#frag", "javascript:alert(1)", "data:text/html,x",
            "https://*.example/callback", "https://app.example/*", "https://good@evil.example/", "ftp://app.example/x", "app:/callback",
            "callback", "", "http://127.0.0.1.evil.example/", "file:///etc/passwd", "https:///callback", "vbscript:x",
            "https://app.example;frame-ancestors/", "https://app.example'/", "https://[::1;x]/", "http://[::1]x80/cb", "http://[::1]80/cb",
        ])
    func badRedirect(uri: String) async throws {
        let endpoints = endpoints()
        let text = String(decoding: try JSONEncoder().encode(["redirect_uris": ["https://app.example/ok", uri]]), as: UTF8.self)
        let answer = try await register(text, at: endpoints)
        #expect(answer.status == 400)
        #expect(answer.members["error"] == .string("invalid_redirect_uri"))
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(try await register(good, at: endpoints).status == 201)
    }

    @Test(
        "Addresses of every kind that a client may have",
        arguments: ["http://localhost:3000/cb", "http://[::1]/cb", "com.example.app:/cb", "https://app.example", "http://127.0.0.1:1/"])
    func goodRedirect(uri: String) async throws {
        #expect(try await register(#"{"redirect_uris":["\#(uri)"]}"#, at: endpoints()).status == 201)
        let web = try await register(#"{"redirect_uris":["\#(uri)"],"application_type":"web"}"#, at: endpoints())
        #expect(web.status == (uri.hasPrefix("https") ? 201 : 400))
    }

    @Test(
        "Metadata with one thing wrong is refused",
        arguments: [
            #"{"client_name":"x"}"#, #"{"redirect_uris":[]}"#, #"{"redirect_uris":"https://a.example/"}"#, #"{"redirect_uris":[1]}"#,
        ])
    func noRedirect(body: String) async throws {
        #expect(try await register(body, at: endpoints()).members["error"] == .string("invalid_redirect_uri"))
    }

    @Test(
        "Metadata with one thing wrong is refused",
        arguments: [
            #""scope":"admin""#, #""scope":"mcp:read admin""#, #""scope":["mcp:read"]"#, #""grant_types":["client_credentials"]"#,
            #""grant_types":["authorization_code","password"]"#, #""grant_types":["implicit"]"#, #""grant_types":["refresh_token"]"#,
            #""response_types":["token"]"#, #""response_types":["code","token"]"#, #""token_endpoint_auth_method":"client_secret_jwt""#,
            #""token_endpoint_auth_method":"private_key_jwt""#, #""token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[]}"#,
            #""token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://a.example/jwks""#, #""application_type":"desktop""#,
            #""client_name":"""#, #""client_name":"a\nb""#, #""client_name":7"#, #""dpop_bound_access_tokens":"yes""#,
        ])
    func badMetadata(member: String) async throws {
        let answer = try await register(#"{"redirect_uris":["https://app.example/cb"],\#(member)}"#, at: endpoints())
        #expect(answer.status == 400)
        #expect(answer.members["error"] == .string("invalid_client_metadata"))
    }

    @Test("Only one JSON object is metadata")
    func notJSON() async throws {
        for body in ["", "[]", "{", good + good, #"{"redirect_uris":["https://a.example/"],"redirect_uris":[]}"#] {
            #expect(try await register(body, at: endpoints()).members["error"] == .string("invalid_client_metadata"))
        }
        for type in [["text/plain"], [], ["application/json", "application/json"], ["application/x-www-form-urlencoded"]] {
            #expect(try await register(good, at: endpoints(), type: type).status == 400)
        }
        #expect(try await register(good, at: endpoints(), type: ["application/json; charset=utf-8"]).status == 201)
        #expect(try await register(good, at: endpoints(), method: "GET").status == 405)
    }

    @Test("Where it is not configured there is no such endpoint")
    func off() async throws {
        #expect(try await register(good, at: issuer.endpoints()).status == 404)
    }

    @Test("Who registers without end is told to wait")
    func rate() async throws {
        let clock = HandClock()
        let endpoints = endpoints { $0.registrations = RequestRate(burst: 5, perSecond: 1, clock: clock.read) }
        for _ in 0..<5 { #expect(try await register(good, at: endpoints).status == 201) }
        let refused = try await register(good, at: endpoints)
        #expect(refused.status == 429)
        #expect(refused.headers[.retryAfter] == "1")
        clock.advance(.seconds(1))
        #expect(try await register(good, at: endpoints).status == 201)
    }

    @Test("Scopes open to such clients are the configured ones")
    func openScopes() async throws {
        let endpoints = issuer.endpoints(configuration: {
            $0.dynamicRegistration = true
            $0.openScopes = ["mcp:read"]
        })
        #expect(try await register(good, at: endpoints).members["scope"] == .string("mcp:read"))
        let more = #"{"redirect_uris":["https://app.example/cb"],"scope":"mcp:write"}"#
        #expect(try await register(more, at: endpoints).status == 400)
    }
}
