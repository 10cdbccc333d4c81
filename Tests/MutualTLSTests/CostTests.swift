import Auth
import Foundation
import MutualTLS
import Testing
import X509

/// What the checks of a request cost. The numbers are printed for who asks for them, and never judged.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["AUTHBED_MEASURE"] != nil), .serialized)
struct CostTests {
    private let authority: Authority
    private let folder: URL

    init() throws {
        authority = try Authority("Test CA")
        folder = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func measure(_ what: String, _ count: Int, _ body: () async throws -> Void) async rethrows {
        // Time of the processor, so that whatever else runs makes little difference.
        let start = clock()
        for _ in 0..<count { try await body() }
        print("\(what): \(Int(Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(count) * 1e9)) ns")
    }

    @Test("A list of 100,000 entries, and a request that is judged by it")
    func longList() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let serials: [[UInt8]] = (0..<100_000).map { number in
            [1] + (0..<15).map { _ in UInt8.random(in: 0...255) } + [UInt8(number & 255)]
        }
        let file = folder.appending(path: "crl.pem")
        let pem = try ForgedList(serials: serials).pem(signedBy: authority)
        try Data(pem.utf8).write(to: file)
        let der = try ForgedList(serials: serials).der(signedBy: authority)
        try await measure("reading 100,000 entries, DER of \(der.count) bytes", 5) { _ = try RevocationList(der: der) }
        let trust = TrustStore(TrustedAuthorities(anchors: [authority.certificate]))
        let source = FileRevocationSource(path: file.path, trust: trust)
        let now = Date.year(2026, month: 6)
        await measure("loading the file, PEM of \(pem.utf8.count) bytes", 5) { #expect(await source.reload(at: now) == nil) }
        let peer = try authority.client(serial: [0x0A])
        let alice = AllowedClient(uri: "spiffe://authbed.test/client/alice", principal: "alice", scopes: ["mcp:read"])
        let anchors = trust.current.authorities.anchors
        for revocation in [nil, source] as [FileRevocationSource?] {
            let verifier = PeerChecks.all(allowed: ClientList([alice]), chain: ChainRule(trust), revocation: revocation)
            await measure("a warm request, \(revocation == nil ? "without" : "with") the list", 200_000) {
                var evidence = PeerEvidence(peer: peer, handshake: anchors)
                #expect(await verifier.objection(to: &evidence, at: now) == nil)
            }
        }
        let ocsp = OCSPRevocationSource(
            rules: .init(responder: "http://responder.test", usesNonce: false), trust: trust,
            fetch: { [authority] _, _, _ in
                try ForgedAnswer().der(about: peer, of: authority, signedBy: (authority.key, authority.certificate))
            })
        let verifier = PeerChecks.all(allowed: ClientList([alice]), chain: ChainRule(trust), revocation: nil, ocsp: ocsp)
        await measure("a warm request, with OCSP", 200_000) {
            var evidence = PeerEvidence(peer: peer, handshake: anchors)
            #expect(await verifier.objection(to: &evidence, at: now) == nil)
        }
    }
}
