import Auth
import Hummingbird
import MutualTLS
import NIOCore
import NIOSSL
import Serving
import Synchronization
import Testing
import X509

struct TLSListenerTests {
    private final class Failures: Sendable {
        private let reasons = Mutex<[HandshakeFailure]>([])
        var all: [HandshakeFailure] { reasons.withLock { $0 } }
        func add(_ failure: HandshakeFailure) { reasons.withLock { $0.append(failure) } }
    }

    private let pki: TestPKI
    private let failures = Failures()
    private let request = "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n"

    init() throws {
        pki = try TestPKI()
        try pki.issue("alice")
    }

    private func listener(_ contexts: TLSContexts) -> HTTPListener {
        let router = Router(context: PeerRequestContext.self)
        router.add(middleware: RequestHygiene())
        router.get("peer") { _, context in context.peer?.commonNames.first.flatMap { $0 } ?? "nobody" }
        router.get("issuers") { _, context in context.peer?.issuers?.map { "\($0.subject)" }.joined(separator: "; ") ?? "nobody" }
        router.get("issuer") { _, context in context.peer?.isSelfIssued == true ? "itself" : "others" }
        return HTTPListener("url", transport: .tls(contexts, onFailure: failures.add), router: router)
    }

    @Test("Every request of a connection knows the client's certificate")
    func peer() async throws {
        try await withServer(listener(TLSContexts(pki.settings))) { port in
            let answers = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request, request)
            #expect(answers.map(\.status) == ["200", "200"])
            #expect(answers.allSatisfy { $0.hasSuffix("alice") })
        }
        #expect(failures.all == [])
    }

    @Test("The authorities that a client sends are known to its requests")
    func issuers() async throws {
        try pki.issueBelow("below", extraAuthority: true)
        try await withServer(listener(TLSContexts(pki.settings))) { port in
            let request = "GET /issuers HTTP/1.1\r\nHost: a\r\n\r\n"
            let answers = try await RawConnection(port: port, tls: pki.client("below")).exchange(request, request)
            #expect(answers.map { $0.hasSuffix("\r\n\r\nCN=Below; CN=Intermediate") } == [true, true])
            let direct = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request)
            #expect(direct.map { $0.hasSuffix("\r\n\r\n") } == [true])
        }
    }

    @Test("A chain that asks for a certificate policy is refused, and the server lives")
    func policies() async throws {
        try pki.issueBelow("policy", asksForPolicy: true)
        for settings in [pki.settings, servingSelfSigned] {
            try await withServer(listener(TLSContexts(settings))) { port in
                let answers = try? await RawConnection(port: port, tls: pki.client("policy")).exchange(request)
                #expect((answers ?? []).joined() == "")
                let others = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request)
                #expect(others.map { $0.hasSuffix("alice") } == [true])
            }
        }
        #expect(failures.all.count == 2)
    }

    @Test("Without client authorities nobody is asked for a certificate")
    func open() async throws {
        var settings = pki.settings
        settings.clientAuthorities = nil
        try await withServer(listener(TLSContexts(settings))) { port in
            let answers = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request)
            #expect(answers.allSatisfy { $0.hasSuffix("nobody") })
        }
    }

    @Test(
        "A client without the right certificate hears nothing, and it is noted why",
        arguments: [
            (nil, Reason.missing), ("expired", .expired), ("future", .notYetValid), ("server", .usage), ("stranger", .untrusted),
        ])
    func refused(client: String?, reason: Reason) async throws {
        try pki.issue("expired", year: 1980)
        try pki.issue("future", year: 2090)
        try pki.issue("stranger", by: TestPKI())
        try await withServer(listener(TLSContexts(pki.settings))) { port in
            let answers = try? await RawConnection(port: port, tls: pki.client(client)).exchange(request)
            #expect((answers ?? []).joined() == "")
        }
        #expect(failures.all.map(\.reason) == [reason])
        #expect(failures.all.allSatisfy { $0.peer?.hasPrefix("127.0.0.1:") == true })
    }

    private var servingSelfSigned: TLSSettings {
        var settings = pki.settings
        settings.clientsMayBeSelfSigned = true
        return settings
    }

    @Test("Where self-signed certificates are served, they show themselves as such, and others are what they were")
    func selfSigned() async throws {
        try pki.selfSign("lone")
        try pki.selfSign("old", year: 1980)
        try pki.selfSign("serves", usage: .serverAuth)
        try await withServer(listener(TLSContexts(servingSelfSigned))) { port in
            for (client, issued) in [("lone", "itself"), ("alice", "others"), ("old", "itself"), ("serves", "itself")] {
                let answers = try await RawConnection(port: port, tls: pki.client(client))
                    .exchange("GET /issuer HTTP/1.1\r\nHost: a\r\n\r\n", request)
                #expect(answers.map(\.status) == ["200", "200"])
                #expect(answers.first?.hasSuffix(issued) == true)
                #expect(answers.last?.hasSuffix(client) == true)
            }
        }
        #expect(failures.all == [])
    }

    @Test("And where they are not, they are refused")
    func selfSignedRefused() async throws {
        try pki.selfSign("lone")
        try await withServer(listener(TLSContexts(pki.settings))) { port in
            let answers = try? await RawConnection(port: port, tls: pki.client("lone")).exchange(request)
            #expect((answers ?? []).joined() == "")
        }
        #expect(failures.all.map(\.reason) == [.untrusted])
    }

    @Test(
        "Serving self-signed certificates lets nobody else in",
        arguments: ["nobody", "expired", "server", "stranger", "impostor"], [false, true])
    func selfSignedAlone(client: String, withRoot: Bool) async throws {
        let (other, impostor) = (try TestPKI("Other CA"), try TestPKI())
        try pki.issue("expired", year: 1980)
        try pki.issue("stranger", by: other)
        try pki.issue("impostor", by: impostor)
        var tls = try pki.client(client == "nobody" ? nil : client)
        // The root of a chain is self-signed too, and must not be taken for the client's own certificate.
        let root = (client == "impostor" ? impostor : other).path("ca.pem")
        if withRoot, client != "nobody" { tls.certificateChain += try NIOSSLCertificate.fromPEMFile(root).map { .certificate($0) } }
        try await withServer(listener(TLSContexts(servingSelfSigned))) { [tls] port in
            let answers = try? await RawConnection(port: port, tls: tls).exchange(request)
            #expect((answers ?? []).joined() == "")
        }
        #expect(failures.all.count == 1)
    }

    @Test("TLS before 1.2 is refused")
    func oldVersions() async throws {
        var old = try pki.client("alice")
        old.minimumTLSVersion = .tlsv1
        old.maximumTLSVersion = .tlsv11
        try await withServer(listener(TLSContexts(pki.settings))) { [old] port in
            let answers = try? await RawConnection(port: port, tls: old).exchange(request)
            #expect((answers ?? []).joined() == "")
        }
        #expect(failures.all.map(\.reason) == [.algorithm])
    }

    @Test("A replaced context counts from the next connection on")
    func replaced() async throws {
        let contexts = try TLSContexts(pki.settings)
        try await withServer(listener(contexts)) { port in
            var before = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request)
            #expect(before.map(\.status) == ["200"])
            var other = pki.settings
            let stranger = try TestPKI()
            other.clientAuthorities = stranger.path("ca.pem")
            try contexts.replace(other)
            before = (try? await RawConnection(port: port, tls: pki.client("alice")).exchange(request)) ?? []
            #expect(before.joined() == "")
        }
    }

    @Test(
        "A chain that breaks a rule of RFC 5280 ends in the handshake",
        arguments: [
            ("good", true), ("long", false), ("permitted", true), ("outside", false), ("excluded", false), ("excluded-uri", false),
            ("critical", false),
        ])
    func paths(client: String, isAccepted: Bool) async throws {
        let dns = NameConstraints(permittedDNSDomains: ["authbed.test"])
        switch client {
        case "long": try pki.issueBelow(client, pathLength: 0, extraAuthority: true)
        case "permitted": try pki.issueBelow(client, constraints: dns)
        case "outside": try pki.issueBelow(client, constraints: dns, names: [.dnsName("alice.other.test")])
        case "excluded": try pki.issueBelow(client, constraints: NameConstraints(excludedDNSDomains: ["authbed.test"]))
        case "excluded-uri":
            try pki.issueBelow(
                client, constraints: NameConstraints(forbiddenURIDomains: ["authbed.test"]),
                names: [.uniformResourceIdentifier("spiffe://authbed.test/client/alice")])
        case "critical": try pki.issueBelow(client, unknownCritical: true)
        default: try pki.issueBelow(client, pathLength: 0)
        }
        try await withServer(listener(TLSContexts(pki.settings))) { port in
            let answers = try? await RawConnection(port: port, tls: pki.client(client)).exchange(request)
            #expect((answers ?? []).joined().hasSuffix(client) == isAccepted)
        }
        #expect(failures.all.map(\.reason) == (isAccepted ? [] : [.untrusted]))
    }

    @Test("The versions of TLS are those that were named", arguments: [TLSVersion.tlsv12, .tlsv13])
    func versions(version: TLSVersion) async throws {
        for versions: TLSSettings.Versions in [.tls12, .tls13, .both] {
            var settings = pki.settings
            settings.versions = versions
            var client = try pki.client("alice")
            (client.minimumTLSVersion, client.maximumTLSVersion) = (version, version)
            try await withServer(listener(TLSContexts(settings))) { [client] port in
                let answers = try? await RawConnection(port: port, tls: client).exchange(request)
                let isSpoken = versions == .both || (versions == .tls12) == (version == .tlsv12)
                #expect((answers ?? []).joined().hasSuffix("alice") == isSpoken)
            }
        }
    }

    @Test("A peer that says nothing, or too little, is not waited for", arguments: ["", "\u{16}"])
    func slow(first: String) async throws {
        var limits = Limits()
        limits.handshake = .milliseconds(100)
        let router = Router(context: PeerRequestContext.self)
        let listener = HTTPListener(
            "url", transport: .tls(try TLSContexts(pki.settings), onFailure: failures.add), limits: limits, router: router)
        try await withServer(listener) { port in
            // Ends when the server closes, by itself it would wait for half a minute; on a slow machine that is before all is written.
            let answers = try? await RawConnection(port: port).exchange(first + "", "")
            #expect((answers ?? []).joined() == "")
        }
        #expect(failures.all.map(\.description) == ["the handshake took too long"])
    }

    @Test("A handshake that is done has no deadline any more")
    func deadlineIsOver() async throws {
        var limits = Limits()
        limits.handshake = .seconds(1)
        let router = Router(context: PeerRequestContext.self)
        router.get("slow") { _, _ in
            try await Task.sleep(for: .milliseconds(1200))
            return "done"
        }
        let listener = HTTPListener(
            "url", transport: .tls(try TLSContexts(pki.settings), onFailure: failures.add), limits: limits, router: router)
        try await withServer(listener) { port in
            let answers = try await RawConnection(port: port, tls: pki.client("alice"))
                .exchange("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answers.allSatisfy { $0.hasSuffix("done") })
        }
        #expect(failures.all == [])
    }

    @Test("A key that does not fit its certificate is no replacement, and what was there before stays")
    func mismatched() async throws {
        let contexts = try TLSContexts(pki.settings)
        var other = pki.settings
        other.key = pki.path("alice.key")
        #expect(throws: (any Error).self) { try contexts.replace(other) }
        try await withServer(listener(contexts)) { port in
            let answers = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request)
            #expect(answers.map(\.status) == ["200"])
        }
    }

    @Test("Every request knows the anchors of its connection's handshake")
    func anchors() async throws {
        let router = Router(context: PeerRequestContext.self)
        let contexts = try TLSContexts(pki.settings)
        router.get("peer") { _, context in context.served.anchors === contexts.current.anchors ? "same" : "other" }
        let listener = HTTPListener("url", transport: .tls(contexts, onFailure: failures.add), router: router)
        try await withServer(listener) { port in
            let answers = try await RawConnection(port: port, tls: pki.client("alice")).exchange(request)
            #expect(answers.allSatisfy { $0.hasSuffix("same") })
        }
    }

    @Test("Settings name the file that is wrong")
    func badSettings() throws {
        var settings = pki.settings
        settings.key = pki.path("absent.key")
        #expect(throws: TLSSettings.Problem.unreadable(settings.key)) { try TLSContexts(settings) }
        settings = pki.settings
        settings.intermediates = pki.path("ca.pem")
        #expect(throws: TLSSettings.Problem.anchorAmongIntermediates(pki.path("ca.pem"))) { try TLSContexts(settings) }
    }
}
