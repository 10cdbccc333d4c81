import Forging
import Probing
import Testing

@Suite("Bytes sent as they are", .timeLimit(.minutes(2)))
struct RawExchangeTests {
    private func request(_ path: String) -> [UInt8] { Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8) }

    @Test("The answer is the one to the last request, whatever way its length is given")
    func lastAnswer() async throws {
        try await Peer.with { peer in
            #expect(await RawExchange.send(request("/"), port: peer.port, timeout: 20).text == "nobody")
            #expect(await RawExchange.send(request("/chunked"), port: peer.port, timeout: 20).text == "he\r\nllo")
            let posted = Array("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody".utf8)
            let both = await RawExchange.send(request("/") + posted, port: peer.port, timeout: 20)
            #expect(both.text == #"{"type": null, "length": 4}"#)
            let closed = await RawExchange.send(request("/close") + request("/never"), port: peer.port, timeout: 20)
            #expect(closed.text == "nobody")
            #expect(await RawExchange.send(request("/broken"), port: peer.port, timeout: 20).dropped != nil)
        }
    }

    @Test("Over TLS they travel under the certificate given")
    func overTLS() async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            let ca = try TestPKI.shared().ca
            let alice = await RawExchange.send(request("/"), to: peer.url, ca: ca, identity: try TestPKI.identity("alice"), timeout: 20)
            #expect(alice.text == "alice")
            #expect(alice.tlsVersion == "TLSv1.3")
            let nobody = await RawExchange.send(request("/"), to: peer.url, ca: ca, identity: nil, timeout: 20)
            #expect(nobody.refusal?.alertName == "certificate_required")
        }
    }

    @Test("A TLS peer's plain alert is read")
    func plainAlert() async throws {
        try await Peer.with(certificate: "server") { peer in
            let emptyHello: [UInt8] = [22, 3, 1, 0, 4, 1, 0, 0, 0]
            let answer = await RawExchange.send(emptyHello, port: peer.port, timeout: 20)
            #expect(answer.refusal?.alertName == "decode_error")
        }
    }

    @Test("No answer in time, and nobody there, are no refusals")
    func dropped() async throws {
        let gone = try await Peer.with(mode: .silent) { peer in
            #expect(await RawExchange.send(request("/"), port: peer.port, timeout: 0.2).dropped != nil)
            return peer.port
        }
        #expect(await RawExchange.send(request("/"), port: gone, timeout: 5).dropped != nil)
    }
}
