import Auth
import Foundation
import HTTPTypes
import Hummingbird
import Issuer
import NIOCore
import OAuth
import Serving
import Store
import Synchronization
import Testing

@Suite("Client id metadata documents", .timeLimit(.minutes(1)))
struct ClientDocumentTests {
    private let issuer: TestIssuer
    private let authority: TestAuthority
    private let asked = Counter()

    /// How often the host was asked.
    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    init() async throws {
        issuer = try await TestIssuer()
        authority = try TestAuthority()
    }

    private func endpoints(isPrivate: Bool = true) -> IssuerEndpoints {
        issuer.endpoints(configuration: {
            $0.clientIDMetadata = true
            $0.clientIDMetadataCA = authority.certificate
            $0.clientIDMetadataPrivate = isPrivate
        })
    }

    private func query(_ url: String, _ more: [(String, String?)] = []) -> String {
        TestIssuer.query([("client_id", url), ("redirect_uri", "https://app.example/callback")] + more)
    }

    private static func document(_ url: String, _ more: String = "") -> String {
        #"{"client_id":"\#(url)","client_name":"Documented","redirect_uris":["https://app.example/callback"]\#(more)}"#
    }

    /// Serves at `/client.json` what is made for its URL.
    private func host(
        cacheControl: String? = nil, type: String = "application/json", status: HTTPResponse.Status = .ok,
        _ make: @escaping @Sendable (_ url: String) -> String
    ) -> Router<PeerRequestContext> {
        let router = Router(context: PeerRequestContext.self)
        router.get("client.json") { [asked] request, _ in
            asked.add()
            var headers: HTTPFields = [.contentType: type]
            if let cacheControl { headers[.cacheControl] = cacheControl }
            if status.kind == .redirection { headers[.location] = "/elsewhere.json" }
            let url = "https://\(request.head.authority ?? "")/client.json"
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: make(url))))
        }
        router.get("elsewhere.json") { [asked] request, _ -> String in
            asked.add()
            return make("https://\(request.head.authority ?? "")/client.json")
        }
        return router
    }

    private func withDocument(
        _ router: Router<PeerRequestContext>, name: String = "localhost", address: Bool = false,
        _ body: @escaping @Sendable (_ url: String) async throws -> Void
    ) async throws {
        try await withHost(router, authority.settings(for: name, address: address)) { port in
            try await body("https://localhost:\(port)/client.json")
        }
    }

    @Test("A URL is a client as its document says, whose user is told that nobody checked it")
    func whole() async throws {
        let endpoints = endpoints()
        try await withDocument(
            host { Self.document($0, #","grant_types":["authorization_code","refresh_token"],"logo_uri":"https://x/""#) }
        ) {
            url in
            let browser = TestBrowser(endpoints)
            let login = try await browser.get(query(url))
            #expect(login.isLogin && login.text.contains("Documented"))
            _ = try await browser.logIn(query(url))
            let consent = try await browser.get(query(url))
            #expect(consent.text.contains("Not verified") && consent.text.contains("localhost:"))
            #expect(try await browser.decide(query(url)).returned["code"] != nil)
            let kept = try #require(try await issuer.store.registration(url)).client
            #expect(kept.origin == .metadataDocument && kept.authentication == .none && kept.name == "Documented")
            #expect(kept.grantTypes == ["authorization_code", "refresh_token"])
            // Kept for five minutes where the host says nothing.
            #expect(asked.value == 1)
            let other = try await browser.get(query(url, [("redirect_uri", "https://evil.example/")]))
            #expect(other.status == 400 && other.location == nil)
        }
    }

    @Test("A document with one thing wrong is no client", arguments: Fault.all)
    func faults(fault: Fault) async throws {
        let endpoints = endpoints()
        try await withDocument(host(type: fault.type, status: fault.status, fault.make)) { url in
            let answer = try await TestBrowser(endpoints).get(query(url))
            #expect(answer.status == 400 && answer.location == nil && !answer.isLogin, "\(fault.name)")
            #expect(asked.value == 1)
            #expect(try await issuer.store.registration(url) == nil)
        }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var type = "application/json"
        var status = HTTPResponse.Status.ok
        var make: @Sendable (String) -> String
        var testDescription: String { name }

        static let redirect = #""redirect_uris":["https://app.example/callback"]"#
        static func good(_ url: String) -> String { #"{"client_id":"\#(url)","client_name":"x",\#(redirect)}"# }

        static let all: [Fault] = [
            Fault(name: "another client_id") { good($0 + "x") },
            Fault(name: "client_id in other letters") { good($0.replacing("localhost", with: "LOCALHOST")) },
            Fault(name: "no client_id") { _ in #"{"client_name":"x",\#(redirect)}"# },
            Fault(name: "no client_name") { #"{"client_id":"\#($0)",\#(redirect)}"# },
            Fault(name: "no redirect_uris") { #"{"client_id":"\#($0)","client_name":"x"}"# },
            Fault(name: "a redirect URI that is not legal") {
                #"{"client_id":"\#($0)","client_name":"x","redirect_uris":["http://a.example/"]}"#
            },
            Fault(name: "a secret") { #"{"client_id":"\#($0)","client_name":"x","client_secret":"s",\#(redirect)}"# },
            Fault(name: "a method with a secret") {
                #"{"client_id":"\#($0)","client_name":"x","token_endpoint_auth_method":"client_secret_basic",\#(redirect)}"#
            },
            Fault(name: "not an object") { _ in "[]" },
            Fault(name: "a member twice") { #"{"client_id":"\#($0)","client_id":"\#($0)","client_name":"x",\#(redirect)}"# },
            Fault(name: "too long") { good($0) + String(repeating: " ", count: 64 * 1024) },
            Fault(name: "another media type", type: "text/html", make: good),
            Fault(name: "not found", status: .notFound, make: good),
            Fault(name: "a redirect", status: .found, make: good),
        ]
    }

    @Test("A host in a private network is not asked, unless that is allowed", arguments: ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"])
    func privateHosts(name: String) async throws {
        let endpoints = endpoints(isPrivate: false)
        try await withDocument(host { Self.document($0) }, address: true) { url in
            let answer = try await TestBrowser(endpoints).get(query(url.replacing("localhost", with: name)))
            #expect(answer.status == 400 && answer.text.contains("public network"))
            #expect(asked.value == 0)
        }
    }

    @Test("The host's certificate must be for its name")
    func wrongName() async throws {
        let endpoints = endpoints()
        // One for the address that the name leads to is not enough.
        try await withDocument(host { Self.document($0) }, name: "other.example", address: true) { url in
            let answer = try await TestBrowser(endpoints).get(query(url))
            #expect(answer.status == 400)
            #expect(asked.value == 0)
            // To the address itself it belongs.
            let address = url.replacing("localhost", with: "127.0.0.1")
            #expect(try await TestBrowser(endpoints).get(query(address)).isLogin)
        }
    }

    @Test("An authority that nobody named vouches for nobody")
    func wrongAuthority() async throws {
        let endpoints = endpoints()
        let stranger = try TestAuthority()
        try await withHost(host { Self.document($0) }, stranger.settings(for: "localhost")) { port in
            let answer = try await TestBrowser(endpoints).get(query("https://localhost:\(port)/client.json"))
            #expect(answer.status == 400)
            #expect(asked.value == 0)
        }
    }

    @Test("A document that its host wants kept by nobody is fetched each time; what it says then holds")
    func noStore() async throws {
        let names = Mutex(["first", "second", "third"])
        let endpoints = endpoints()
        let router = host(cacheControl: "no-store") { url in
            let name = names.withLock { $0.removeFirst() }
            return #"{"client_id":"\#(url)","client_name":"\#(name)","redirect_uris":["https://app.example/callback"]}"#
        }
        try await withDocument(router) { url in
            let browser = TestBrowser(endpoints)
            #expect(try await browser.get(query(url)).text.contains("first"))
            #expect(try await browser.get(query(url)).text.contains("second"))
            // The operator's word holds longer.
            _ = try await issuer.store.disable(url, now: start)
            #expect(try await browser.get(query(url)).status == 400)
            #expect(asked.value == 2)
        }
    }

    @Test("Many requests at once are one question to the host")
    func singleFlight() async throws {
        let endpoints = endpoints()
        try await withDocument(host(cacheControl: "max-age=60") { Self.document($0) }) { url in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await TestBrowser(endpoints).get(query(url)).isLogin } }
                for try await isLogin in group { #expect(isLogin) }
            }
            #expect(asked.value == 1)
        }
    }

    @Test("A host that does not answer is given up")
    func silent() async throws {
        let endpoints = endpoints()
        let (end, ending) = AsyncStream.makeStream(of: Void.self)
        let router = Router(context: PeerRequestContext.self)
        router.get("client.json") { [asked] _, _ -> String in
            asked.add()
            // Until the test is over.
            for await _ in end {}
            return ""
        }
        try await withDocument(router) { url in
            let answer = try await TestBrowser(endpoints).get(query(url))
            ending.finish()
            #expect(answer.status == 400 && answer.text.contains("cannot be used"))
            #expect(asked.value == 1)
        }
    }

    @Test(
        "Other identifiers are not asked about",
        arguments: [
            "http://localhost/client.json", "https://localhost", "https://localhost/", "https://localhost/a/../b",
            "https://localhost/%2e%2E/b",
            "https://localhost/x#y", "https://a@localhost/x", "https://LOCALHOST/x", "https://local;host/x", "ftp://localhost/x",
        ])
    func noURL(id: String) async throws {
        let answer = try await TestBrowser(endpoints()).get(query(id))
        #expect(answer.status == 400 && answer.text.contains("not known here"))
    }

    @Test("Where it is not configured, and for a client the operator registered, nobody is asked")
    func off() async throws {
        let (off, on) = (issuer.endpoints(), endpoints())
        try await withDocument(host { Self.document($0) }) { url in
            let answer = try await TestBrowser(off).get(query(url))
            #expect(answer.status == 400)
            try await issuer.add(url, redirect: ["https://app.example/callback"], authentication: .none)
            #expect(try await TestBrowser(on).get(query(url)).isLogin)
            #expect(asked.value == 0)
        }
    }

    @Test(
        "Hosts say how long a document is kept",
        arguments: [
            ([], 300), (["max-age=60"], 60), (["public, max-age=\"60\""], 60), (["no-store"], 0), (["max-age=60, no-cache"], 0),
            (["Max-Age=5", "no-store"], 0), (["max-age=-1"], 0), (["max-age=x"], 0), (["private"], 300),
        ] as [([String], Int)])
    func freshness(fields: [String], seconds: Int) {
        #expect(FetchedDocument.freshness(fields) == seconds)
    }
}
