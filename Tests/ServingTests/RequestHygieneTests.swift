import HTTPTypes
import Hummingbird
import NIOCore
import Serving
import Testing

struct RequestHygieneTests {
    private func listener() -> HTTPListener {
        var limits = Limits()
        limits.body = 10
        limits.bodyDeadline = .milliseconds(200)
        let router = Router(context: PeerRequestContext.self)
        router.add(middleware: RequestHygiene(limits: limits))
        router.get("id") { _, context in context.requestID }
        router.post("echo") { [limits] request, context in
            Response(status: .ok, body: .init(byteBuffer: try await context.body(of: request, limits: limits)))
        }
        router.post("refuse") { _, _ -> Response in throw RequestRefusal(.unauthorized, "no") }
        router.get("fault") { _, _ -> Response in throw CancellationError() }
        router.get("origin") { request, _ in
            try OriginRule.check(request.headers, allowed: ["https://ours.example"])
            return "fine"
        }
        return HTTPListener("url", transport: .plaintext, limits: limits, router: router)
    }

    @Test(
        "Exactly one Host and at most one Authorization",
        arguments: [
            ("Host: a\r\n", "200"), ("", "400"), ("Host: a\r\nHost: a\r\n", "400"), ("Host:\r\n", "400"),
            ("Host: a\r\nAuthorization: Bearer x\r\n", "200"),
            ("Host: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer x\r\n", "400"),
        ])
    func fields(head: String, status: String) async throws {
        try await withServer(listener()) { port in
            let answer = try await RawConnection(port: port).exchange("GET /id HTTP/1.1\r\n\(head)\r\n")
            #expect(answer.map(\.status) == [status])
        }
    }

    /// To compare one with more would take time that grows with the square of their number.
    @Test(
        "A field with as many marks in a row as a text may have is read, and none with more",
        arguments: [(30, "200"), (31, "400"), (10_000, "400")])
    func marks(count: Int, status: String) async throws {
        let marks = String(repeating: "\u{301}\u{323}", count: count).unicodeScalars.prefix(count)
        try await withServer(listener()) { port in
            for field in ["Origin", "X-Any"] {
                let answer = try await RawConnection(port: port).exchange(
                    "GET /id HTTP/1.1\r\nHost: a\r\n\(field): a\(String(marks))\r\n\r\n")
                #expect(answer.map(\.status) == [status])
            }
        }
    }

    @Test("Every answer has an identifier of its own, and none from the caller")
    func identifiers() async throws {
        try await withServer(listener()) { port in
            let answers = try await RawConnection(port: port).exchange(
                "GET /id HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n", "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /fault HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answers.map(\.status) == ["200", "404", "500"])
            let identifiers = answers.compactMap { $0.field("X-Request-Id") }
            #expect(Set(identifiers).count == 3)
            #expect(answers[0].hasSuffix(identifiers[0]))
            #expect(!identifiers.contains("mine"))
        }
    }

    @Test("A body within the limit is read, and the connection goes on")
    func body() async throws {
        try await withServer(listener()) { port in
            let request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
            let answers = try await RawConnection(port: port).exchange(request, request)
            #expect(answers.map(\.status) == ["200", "200"])
            #expect(answers.allSatisfy { $0.hasSuffix("hello") })
        }
    }

    @Test(
        "A refused caller is cut off, however much it still means to send",
        arguments: [
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", "413"),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n", "413"),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", "408"),
            ("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", "401"),
            ("POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "404"),
        ])
    func cutOff(request: String, status: String) async throws {
        try await withServer(listener()) { port in
            let answers = try await RawConnection(port: port).exchange(request, "")
            #expect(answers.first?.status == status)
            #expect(answers.first?.field("Connection") == "close")
            #expect(answers.last == "")
        }
    }

    @Test("Another site's pages may not call")
    func origin() async throws {
        try await withServer(listener()) { port in
            let origins = ["", "Origin: https://ours.example\r\n", "Origin: https://theirs.example\r\n", "Origin: null\r\n"]
            var statuses: [String] = []
            for origin in origins {
                let answer = try await RawConnection(port: port).exchange("GET /origin HTTP/1.1\r\nHost: a\r\n\(origin)\r\n")
                statuses += answer.map(\.status)
            }
            #expect(statuses == ["200", "200", "403", "403"])
        }
    }
}
