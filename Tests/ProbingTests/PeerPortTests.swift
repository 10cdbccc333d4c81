import Forging
import Foundation
import Probing
import Testing

@Suite("A port behind which the bed plays a server") struct PeerPortTests {
    private func port(_ manner: PeerManner) throws -> PeerPort {
        try PeerPort(manner) { request, _ in .json(200, #"{"path":"\#(request.path)"}"#) }
    }

    private func get(_ port: PeerPort, trusting ca: String, identity: ClientIdentity? = nil) async -> ProbeAnswer.Outcome {
        let request = ProbeRequest(
            method: "GET", url: "https://localhost:\(port.port)/here?x=1", headers: [ProbeHeader(name: "X-Secret", value: "s3cret")],
            body: [])
        return await Probe(ca: ca, identity: identity).send(request, over: .newConnection).outcome
    }

    @Test func `it answers, and writes down who came with what`() async throws {
        let port = try port(.tls(try PeerTLS(try TestPKI.identity("server"), asks: .any(names: nil))))
        defer { port.stop() }
        let outcome = await get(port, trusting: try TestPKI.shared().ca, identity: try TestPKI.identity("alice"))
        guard case .response(200, _, let body) = outcome else { throw PeerError() }
        #expect(String(decoding: body, as: UTF8.self) == #"{"path":"/here"}"#)
        await port.settle()
        let visits = port.takeVisits()
        let alice = try TestPKI.shared().entries.first { $0.name == "alice" }
        #expect(visits.count == 1 && visits[0].tlsVersion == "TLSv1.3" && visits[0].alert == nil)
        #expect(visits[0].thumbprint == alice?.thumbprint)
        #expect(visits[0].request?.text.contains("s3cret") ?? false)
        #expect(port.takeVisits().isEmpty)
    }

    @Test func `a caller who does not trust it says so, and nothing else`() async throws {
        let port = try port(.tls(try PeerTLS(try TestPKI.identity("server-lookalike-ca"))))
        defer { port.stop() }
        if case .response = await get(port, trusting: try TestPKI.shared().ca) { throw PeerError() }
        await port.settle()
        let visits = port.takeVisits()
        #expect(visits.map(\.octets) == [0])
        #expect(visits[0].alert.map(TLSAlert.name) == "unknown_ca")
    }

    @Test func `it changes between two connections`() async throws {
        let port = try port(.plain)
        defer { port.stop() }
        if case .response = await get(port, trusting: try TestPKI.shared().ca) { throw PeerError() }
        port.become(.tls(try PeerTLS(try TestPKI.identity("server")))) { _, _ in .status(204) }
        guard case .response(204, _, _) = await get(port, trusting: try TestPKI.shared().ca) else { throw PeerError() }
        await port.settle()
        // The hello that came where TLS was not spoken is no secret.
        #expect(port.takeVisits().map { $0.octets > 0 } == [false, true])
    }

    @Test func `a silent one lets nobody wait who is given up`() async throws {
        let port = try port(.silent)
        defer { port.stop() }
        let ca = try TestPKI.shared().ca
        async let outcome = get(port, trusting: ca)
        var visits: [PeerVisit] = []
        while visits.isEmpty {
            port.cutAll()
            await port.settle()
            visits = port.takeVisits()
        }
        if case .response = await outcome { Issue.record("somebody answered") }
        #expect(visits[0].octets == 0 && visits[0].tlsVersion == nil)
    }
}
