import Bed
import Hummingbird
import Probing
import Testing

@Suite("A server of the bed's own")
struct LoopbackServiceTests {
    static let responder = CallbackResponder<BasicRequestContext> { _, _ in
        Response(status: .ok, body: .init(byteBuffer: .init(string: "here")))
    }

    @Test("One that listens answers; another at its port says that it cannot, and nobody waits for it", .timeLimit(.minutes(1)))
    func taken() async throws {
        let first = try await LoopbackService.start("first", responder: Self.responder)
        defer { first.stop() }
        await #expect {
            _ = try await LoopbackService.start("second", port: first.port, responder: Self.responder)
        } throws: { "\($0)" == "the bed's second did not start at port \(first.port)" }
        let request = ProbeRequest(method: "GET", url: "http://127.0.0.1:\(first.port)/", headers: [], body: [], timeout: 30)
        let answer = await Probe(ca: nil, identity: nil).send(request, over: .newConnection)
        guard case .response(let status, _, let body) = answer.outcome else {
            Issue.record("the first does not answer: \(answer.outcome.face)")
            return
        }
        #expect(status == 200 && String(decoding: body, as: UTF8.self) == "here")
    }
}
