import Auth
import Foundation
import HTTPTypes
import MutualTLS
import NIOSSL
import Server
import Serving
import Synchronization
import Testing
import X509

struct CertificateReloadTests {
    private final class Reports: Sendable {
        private let reports = Mutex<[String]>([])
        var all: [String] { reports.withLock { $0 } }
        func add(_ report: String) { reports.withLock { $0.append(report) } }
    }

    /// A server's certificate side, without the server.
    private struct Subject {
        let contexts: TLSContexts
        let parts: ServerParts
        let reload: CertificateReload
        let reports: Reports

        init(_ configuration: ServerConfiguration) async throws {
            let reports = Reports()
            let resources = try ServerResources(configuration) { reports.add($0) }
            let parts = ServerParts.standard(resources, endpoints: Endpoints(url: "https://localhost", hosts: ["localhost"]))
            let tls = try #require(parts.tls)
            contexts = try TLSContexts(try tls())
            reload = CertificateReload(
                configuration, resources.certificates, listeners: [.init(contexts: contexts, configuration: tls)], clock: parts.clock,
                report: reports.add)
            self.parts = parts
            self.reports = reports
            try await reload.begin()
        }

        /// Why a request with that certificate, on a connection begun under these anchors, is refused.
        func reason(_ peer: PeerCertificate, _ handshake: AnchorSet?) async -> Reason? {
            let request = ServerRequest(id: "1", certificate: peer, handshake: handshake)
            let authentication = await parts.authenticate(parts, request, parts.policy, parts.clock())
            if case .denied(let refusal, _, _) = authentication.decision { return refusal.reason }
            return nil
        }
    }

    private let folder: CertificateFolder

    init() throws {
        folder = try CertificateFolder()
    }

    @Test("A list of clients that changes is taken, and one that cannot be used is refused, once and aloud")
    func clients() async throws {
        let alice = #"{"uri":"\#(CertificateFolder.uri("alice"))","principal":"alice","scopes":["mcp:read"]}"#
        let bob = #"{"uri":"\#(CertificateFolder.uri("bob"))","principal":"bob","scopes":[]}"#
        try folder.write("clients.json", "[\(alice)]")
        let subject = try await Subject(folder.configuration(#""clients_file":"\#(folder.path("clients.json"))""#))
        let anchors = subject.contexts.current.anchors
        let (first, second) = (try folder.client("alice"), try folder.client("bob"))
        #expect(await subject.reason(first, anchors) == nil)
        #expect(await subject.reason(second, anchors) == .name)
        try folder.write("clients.json", "[\(bob)]")
        await subject.reload.tick()
        #expect(await subject.reason(first, anchors) == .name)
        #expect(await subject.reason(second, anchors) == nil)
        for bad in ["[", "{}", "[{}]", #"[{"principal":"alice"}]"#, #"[{"uri":"x","principal":"x","scope":[]}]"#] {
            let before = subject.reports.all.count
            try folder.write("clients.json", bad)
            await subject.reload.tick()
            await subject.reload.tick()
            #expect(subject.reports.all.count == before + 1)
            #expect(await subject.reason(second, anchors) == nil)
        }
        try folder.write("clients.json", "[\(alice), \(bob)]")
        try await subject.reload.reload()
        #expect(await subject.reason(first, anchors) == nil)
    }

    @Test("An authority that is taken off the anchors takes its clients' open connections with it, and no others")
    func anchors() async throws {
        let other = try CertificateFolder.authority("Other CA")
        let subject = try await Subject(folder.configuration())
        let old = subject.contexts.current.anchors
        let (ours, theirs) = (try folder.client("alice"), try folder.client("alice", by: other))
        #expect(await subject.reason(ours, old) == nil)
        try folder.write("ca.pem", folder.ca.certificate, other.certificate)
        await subject.reload.tick()
        let both = subject.contexts.current.anchors
        #expect(both !== old)
        for (peer, handshake) in [(ours, old), (ours, both), (theirs, both)] {
            #expect(await subject.reason(peer, handshake) == nil)
        }
        try folder.write("ca.pem", other.certificate)
        await subject.reload.tick()
        #expect(await subject.reason(ours, old) == .untrusted)
        #expect(await subject.reason(ours, both) == .untrusted)
        #expect(await subject.reason(theirs, both) == nil)
        #expect(subject.reports.all == [])
        // No anchors at all are no replacement.
        try folder.write("ca.pem", "")
        await subject.reload.tick()
        #expect(await subject.reason(theirs, both) == nil)
        #expect(subject.reports.all.count == 1)
    }

    @Test("A certificate and a key that are not yet both there are waited for")
    func halfWritten() async throws {
        let subject = try await Subject(folder.configuration())
        func context() -> ObjectIdentifier { ObjectIdentifier(subject.contexts.current.context) }
        let first = context()
        let key = try folder.writeServer("localhost", writesKey: false)
        await subject.reload.tick()
        #expect(context() == first)
        #expect(subject.reports.all.count == 1)
        await #expect(throws: StartFailure.self) { try await subject.reload.reload() }
        try folder.write("server.key", key)
        await subject.reload.tick()
        #expect(context() != first)
        #expect(subject.reports.all.count == 1)
        let second = context()
        await subject.reload.tick()
        #expect(context() == second)
        try FileManager.default.removeItem(atPath: folder.path("server.key"))
        await subject.reload.tick()
        #expect(context() == second)
        #expect(subject.reports.all.count == 2)
    }

    @Test("The server answers to the names of the certificate it shows now")
    func names() async throws {
        try folder.writeServer("one.test")
        let subject = try await Subject(folder.configuration())
        func answers(_ host: String) async -> Bool {
            let request = ServerRequest(id: "1", method: .get, path: "/health", authority: host)
            return (try? await subject.parts.respond(subject.parts, request) { [] }) != nil
        }
        #expect(await answers("one.test:443"))
        #expect(await !answers("two.test"))
        try folder.writeServer("two.test")
        await subject.reload.tick()
        #expect(await !answers("one.test"))
        #expect(await answers("Two.Test"))
        #expect(await answers("localhost"))
    }

    @Test("A new certificate whose time is over, or has not come, is no replacement", arguments: [2021...2022, 2090...2091])
    func untimely(years: ClosedRange<Int>) async throws {
        let subject = try await Subject(folder.configuration())
        let first = ObjectIdentifier(subject.contexts.current.context)
        try folder.writeServer("localhost", years: years)
        await subject.reload.tick()
        #expect(ObjectIdentifier(subject.contexts.current.context) == first)
        #expect(subject.reports.all.count == 1)
    }
}
