import Forging
import Probing
import Testing

@Suite("Load over kept connections", .timeLimit(.minutes(2)))
struct KeptLoadTests {
    private func load(_ request: ProbeRequest, connections: Int = 2, requests: Int = 20, ca: String? = nil) async -> ClosedLoop.Result {
        await ClosedLoop(connections: connections, extent: .requests(requests), ca: ca).run { _ in request }
    }

    @Test("Each caller keeps its connection, over TLS as well", arguments: [nil, "server"])
    func kept(_ certificate: String?) async throws {
        let ca = try TestPKI.shared().ca
        try await Peer.with(certificate: certificate) { peer in
            #expect(await load(peer.get(), connections: 3, ca: ca).accepted == 20)
            let count = try await TestPKI.probe().send(peer.get("/connections"), over: .newConnection)
            #expect(count.text == "4")
        }
    }

    @Test("A connection that the peer ends behind its answer is opened again, and nothing is lost")
    func reopened() async throws {
        try await Peer.with { peer in
            let result = await load(peer.get("/close"))
            #expect(result.accepted == 20)
            #expect(result.others.isEmpty)
            let count = try await TestPKI.probe().send(peer.get("/connections"), over: .newConnection)
            #expect(count.text == "21")
        }
    }

    @Test("Answers in chunks are whole answers, and requests carry their bodies")
    func bodies() async throws {
        try await Peer.with { peer in
            #expect(await load(peer.get("/chunked")).accepted == 20)
            var post = peer.get()
            (post.method, post.body) = ("POST", Array(repeating: UInt8(ascii: "x"), count: 100_000))
            #expect(await load(post).accepted == 20)
        }
    }

    @Test("What is no answer is counted by what it was")
    func noAnswer() async throws {
        try await Peer.with { peer in
            #expect(await load(peer.get("/broken"), requests: 6).others == ["closed": 6])
            #expect(await load(peer.get("/hang", timeout: 0.05), requests: 4).others == ["no answer in time": 4])
        }
        try await Peer.with(mode: .reset) { peer in
            let result = await load(peer.get(), requests: 4)
            #expect(result.accepted == 0)
            #expect(result.others.values.reduce(0, +) == 4)
        }
        let nobody = ProbeRequest(method: "GET", url: "http://127.0.0.1:1/", headers: [], body: [], timeout: 5)
        #expect(await load(nobody, requests: 4).others.values.reduce(0, +) == 4)
    }

    @Test("The end of an answer is found by its head")
    func heads() {
        let octets = { (text: String) in Array(text.replacing("\n", with: "\r\n").utf8) }
        let plain = octets("HTTP/1.1 200 OK\nContent-Type: text/plain\nCONTENT-LENGTH:  4 \n\nbody")
        #expect(AnswerHead(plain) == AnswerHead(status: 200, length: plain.count, closes: false))
        let closing = octets("HTTP/1.1 401 Unauthorized\nConnection: Close\nContent-Length: 0\n\n")
        #expect(AnswerHead(closing) == AnswerHead(status: 401, length: closing.count, closes: true))
        // The body may still be on its way; its end is known already.
        #expect(AnswerHead(Array(plain.dropLast(4)))?.length == plain.count)
    }

    @Test(
        "Without a whole head that says how long the body is there is none",
        arguments: [
            "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n", "HTTP/1.1 200 OK\r\n\r\nbody", "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nbody",
            "HTTP/1.1 2x0 OK\r\nContent-Length: 4\r\n\r\nbody",
            "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nbody",
        ])
    func noHead(_ text: String) {
        #expect(AnswerHead(Array(text.utf8)) == nil)
    }

    @Test("A request in octets names its whole target and the length of its body")
    func octets() {
        var request = ProbeRequest(
            method: "POST", url: "https://127.0.0.1:4381/mcp?a=b#c", headers: [ProbeHeader(name: "Accept", value: "*/*")], body: [65, 66])
        #expect(
            String(decoding: request.octets, as: UTF8.self)
                == "POST /mcp?a=b HTTP/1.1\r\nHost: 127.0.0.1:4381\r\nAccept: */*\r\nContent-Length: 2\r\n\r\nAB")
        (request.method, request.url, request.body) = ("GET", "http://localhost", [])
        #expect(String(decoding: request.octets, as: UTF8.self) == "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n")
    }
}
