import Bed
import Forging
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Probing
import Testing

@Suite("The front of an issuer")
struct IssuerFrontTests {
    /// An issuer behind TLS that says what it was asked, and the certificates for it.
    private struct Stage {
        let identity: ClientIdentity
        let ca: String
        let service: LoopbackService

        init(folder: String) async throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let manifest = try PKIManifest(file: root.appendingPathComponent("certs-gen/pki.yaml").path)
            let pki = try PKI.build(manifest: manifest, into: folder)
            let paths = pki.path(of: "issuer")
            identity = ClientIdentity(certificate: paths.certificate, key: paths.key)
            ca = pki.ca
            let responder = CallbackResponder<BasicRequestContext> { request, _ in
                let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
                var headers = HTTPFields()
                for value in ["a=1", "b=2"] { headers.append(HTTPField(name: .setCookie, value: value)) }
                headers[.location] = "/elsewhere?x=y"
                let seen = [
                    request.method.rawValue, request.uri.string, request.head.authority ?? "", request.headers[.authorization] ?? "", body,
                ]
                return Response(
                    status: .seeOther, headers: headers, body: .init(byteBuffer: ByteBuffer(string: seen.joined(separator: "|"))))
            }
            service = try await LoopbackService.start("issuer", identity: identity, responder: responder)
        }
    }

    @Test("passes requests and answers on, counts them by path, and fails as often as it was told to")
    func passes() async throws {
        let folder = NSTemporaryDirectory() + "authbed-front-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stage = try await Stage(folder: folder)
        defer { stage.service.stop() }
        let front = try await IssuerFront.start(identity: stage.identity, ca: stage.ca)
        defer { front.stop() }
        let probe = Probe(ca: stage.ca, identity: nil)
        let url = front.url + "/oauth/token"
        let request = ProbeRequest(
            method: "POST", url: url + "?q=%20", headers: [ProbeHeader(name: "Authorization", value: "Basic eA==")],
            body: Array("grant_type=x".utf8))
        // Nobody is behind it yet.
        #expect(await probe.send(request, over: .kept).outcome.face == "HTTP 503")
        front.forward(to: stage.service.port)
        let answer = await probe.send(request, over: .kept)
        guard case .response(let status, let headers, let body) = answer.outcome else {
            Issue.record("\(answer.outcome.face)")
            return
        }
        #expect(status == 303)
        #expect(headers.value("Location") == "/elsewhere?x=y")
        #expect(headers.filter { $0.isNamed("Set-Cookie") }.map(\.value) == ["a=1", "b=2"])
        #expect(
            String(decoding: body, as: UTF8.self)
                == "POST|/oauth/token?q=%20|\(front.url.dropFirst("https://".count))|Basic eA==|grant_type=x")
        #expect(front.requests(for: url) == 2)
        front.fail(url, times: 2)
        var faces: [String] = []
        for _ in 0..<3 { faces.append(await probe.send(request, over: .kept).outcome.face) }
        #expect(faces == ["HTTP 503", "HTTP 503", "HTTP 303"])
        #expect(front.requests(for: url) == 5)
        #expect(front.requests(for: front.url + "/oauth/authorize") == 0)
    }

    @Test("says so where the issuer does not answer")
    func nobody() async throws {
        let folder = NSTemporaryDirectory() + "authbed-front-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stage = try await Stage(folder: folder)
        await stage.service.end()
        let front = try await IssuerFront.start(identity: stage.identity, ca: stage.ca)
        defer { front.stop() }
        front.forward(to: stage.service.port)
        let answer = await Probe(ca: stage.ca, identity: nil).send(
            ProbeRequest(method: "GET", url: front.url + "/", headers: [], body: []), over: .newConnection)
        #expect(answer.outcome.face == "HTTP 502")
    }
}
