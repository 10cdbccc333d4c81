import Bed
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

/// An issuer's pages on a free port of this machine, as a test wants them.
struct Pages: Sendable {
    struct Visit: Sendable, Hashable {
        var method: String
        var path: String
        var cookie: String?
        var referer: String?
        var body: String
    }

    /// What a page answers to a visit: a status, fields, and HTML.
    typealias Answer = @Sendable (Visit) -> (Int, [(String, String)], String)

    /// Serves the pages while the body runs; it gets their origin and a look at the visits.
    static func serve(_ answer: @escaping Answer, _ body: (String, @Sendable () -> [Visit]) async throws -> Void) async throws {
        let visits = Log()
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 65536))
            let visit = Visit(
                method: request.method.rawValue, path: request.uri.string, cookie: request.headers[.cookie],
                referer: request.headers[.referer], body: text)
            visits.add(visit)
            let (status, fields, html) = answer(visit)
            var headers = HTTPFields()
            for (name, value) in fields {
                if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
            }
            return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
        }
        let service = try await LoopbackService.start("pages", responder: responder)
        defer { service.stop() }
        try await body("http://127.0.0.1:\(service.port)", { visits.all })
    }

    private final class Log: Sendable {
        private let visits = Mutex<[Visit]>([])
        func add(_ visit: Visit) { visits.withLock { $0.append(visit) } }
        var all: [Visit] { visits.withLock { $0 } }
    }
}

@Suite("A person without a screen")
struct HeadlessPersonTests {
    let person = HeadlessPerson(user: "alice", password: "p&ss wörd+", ca: nil)
    static let login =
        "<form method=post><input type=hidden name=csrf value='1&amp;2'><input name=username><input name=password type=password></form>"
    static let consent =
        "<form method=post><input type=hidden name=id value=7><button name=decision value=deny><button name=decision value=allow></form>"
    static let query = "/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&state=s"

    @Test("signs in, consents, keeps cookies, and arrives with the answer as it was given")
    func arrives() async throws {
        try await Pages.serve { visit in
            if visit.method == "GET" {
                return (
                    200, [("Set-Cookie", "step=\(visit.cookie == nil ? 1 : 2); Path=/; HttpOnly")],
                    visit.cookie == nil ? Self.login : Self.consent
                )
            }
            if visit.body.contains("decision") { return (303, [("Location", "http://127.0.0.1/callback?code=c&state=s%2B")], "") }
            return (303, [("Location", visit.path), ("Set-Cookie", "gone=1"), ("Set-Cookie", "gone=; Max-Age=0")], "")
        } _: { origin, visits in
            let answer = try await person.authorize(origin + Self.query)
            #expect(answer == "http://127.0.0.1/callback?code=c&state=s%2B")
            let visits = visits()
            #expect(visits.map(\.method) == ["GET", "POST", "GET", "POST"])
            #expect(visits[1].body == "csrf=1%262&username=alice&password=p%26ss%20w%C3%B6rd%2B")
            #expect(visits[3].body == "id=7&decision=allow")
            #expect(visits.map(\.cookie) == [nil, "step=1", "step=1", "step=2"])
            #expect(visits.map(\.referer) == [nil, origin + "/", nil, origin + "/"])
            #expect(visits.allSatisfy { $0.path == Self.query })
        }
    }

    @Test("gives name and password on two pages, whatever the controls are called, and finds the button that means yes")
    func twoPages() async throws {
        let pages = [
            "/authorize":
                "<form method=post action='/password'><input name=who autocomplete='section-login username'><button name=answer></form>",
            "/password": """
            <form method=post action='/consent'><input name=token type=hidden value=1><input name=pw type=password></form>
            """,
            "/consent": "<form method=post action='/done'><button name=answer value=logout><button name=answer value=Accept></form>",
        ]
        try await Pages.serve { visit in
            let path = String(visit.path.prefix { $0 != "?" })
            return pages[path].map { (200, [], $0) } ?? (302, [("Location", "http://127.0.0.1/callback?code=c")], "")
        } _: { [person] origin, visits in
            _ = try await person.authorize(origin + Self.query)
            #expect(visits().map(\.body) == ["", "who=alice", "token=1&pw=p%26ss%20w%C3%B6rd%2B", "answer=Accept"])
        }
    }

    static let dead: [(String, (Int, [(String, String)], String), String)] = [
        ("no form", (400, [], "<title>Bad request</title>"), "HTTP 400 (Bad request) at ORIGIN/authorize has no form"),
        (
            "a form that puts the password into a URL", (200, [], "<form><input name=username></form>"),
            "would put what it is told into a URL"
        ),
        (
            "a form for somebody else", (200, [], "<form method=post action='http://127.0.0.1:1/'><input name=username></form>"),
            "is sent to another origin"
        ),
        (
            "a form that offers no yes", (200, [], "<form method=post><button name=answer value=deny></form>"),
            "asks for neither a user nor a decision"
        ),
        ("a form with other questions", (200, [], "<form method=post><input name=pin></form>"), "asks for neither a user nor a decision"),
        ("a redirect to nowhere", (303, [], ""), "HTTP 303 at ORIGIN/authorize does not say where to go"),
        (
            "a redirect to a stranger", (303, [("Location", "http://127.0.0.1:1/x")], ""),
            "leads to http://127.0.0.1:1/x, which is neither its own nor the client's"
        ),
        ("a circle", (303, [("Location", "/authorize")], ""), "no end after 12 pages and redirects"),
        ("a login that never ends", (200, [], login), "does not take the password of alice"),
        ("a name that nobody knows", (200, [], "<form method=post><input name=login></form>"), "does not take the name of alice"),
    ]

    @Test("says where the pages lead nowhere, and keeps the password to itself", arguments: dead.indices)
    func lost(row: Int) async throws {
        let (_, answer, expected) = Self.dead[row]
        try await Pages.serve { _ in
            answer
        } _: { origin, _ in
            let error = await #expect(throws: BedError.self) { _ = try await person.authorize(origin + Self.query) }
            #expect(error?.message.contains(expected.replacing("ORIGIN", with: origin)) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("p&ss") == false)
        }
    }

    @Test("does not follow a 307 with what was put into a form")
    func passedOn() async throws {
        try await Pages.serve { visit in
            visit.method == "GET" ? (200, [], Self.login) : (307, [("Location", "http://127.0.0.1/callback?code=c")], "")
        } _: { origin, _ in
            let error = await #expect(throws: BedError.self) { _ = try await person.authorize(origin + Self.query) }
            #expect(error?.message == "HTTP 307 answers a form at \(origin)/authorize")
        }
    }

    @Test("goes to no other machine, and knows where it has to arrive")
    func loopback() async throws {
        for (url, expected) in [
            ("https://issuer.example/authorize?redirect_uri=x", "issuer.example is not a loopback address"),
            ("file:///etc/passwd", "this is no http(s) URL: file:///etc/passwd"),
            ("http://127.0.0.1:1/authorize", "the authorization URL names no redirect_uri"),
        ] {
            let error = await #expect(throws: BedError.self) { _ = try await person.authorize(url) }
            #expect(error?.message == expected)
        }
    }

    @Test("brings the answer to whoever listens")
    func delivers() async throws {
        try await Pages.serve { _ in
            (200, [], "thanks")
        } _: { origin, visits in
            try await Pages.serve { _ in
                (303, [("Location", "\(origin)/callback?code=c&iss=i")], "")
            } _: { issuer, _ in
                try await person.browse("\(issuer)/authorize?redirect_uri=\(origin)/callback")
            }
            #expect(visits().map(\.path) == ["/callback?code=c&iss=i"])
        }
    }
}

@Suite("A login file")
struct BrowseOrderTests {
    @Test("is read where only its owner can, and names a person")
    func file() throws {
        let path = NSTemporaryDirectory() + "authbed-login-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = #"{"user":"a","password":"b","shown":"c"}"#
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: BedError.self) { _ = try BrowseOrder(file: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let order = try BrowseOrder(file: path)
        #expect(order.person.user == "a" && order.shown == "c")
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: BedError.self) { _ = try BrowseOrder(file: path) }
        #expect(throws: BedError.self) { _ = try BrowseOrder(file: path + ".none") }
    }
}
