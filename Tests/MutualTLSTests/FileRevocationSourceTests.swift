import Auth
import Foundation
import MutualTLS
import SwiftASN1
import Synchronization
import Testing
import X509

private final class Reports: Sendable {
    private let reports = Mutex<[String]>([])
    var all: [String] { reports.withLock { $0 } }
    func add(_ report: String) { reports.withLock { $0.append(report) } }
}

/// Every test has a folder of its own, which goes with it.
final class FileRevocationSourceTests {
    private let folder: URL
    private let file: URL
    private let root: Authority
    private let intermediate: Authority
    private let trust: TrustStore
    private let reports = Reports()
    private let now = Date.year(2026, month: 6)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        file = folder.appending(path: "crl.pem")
        root = try Authority("Root")
        intermediate = try Authority("Intermediate", issuer: root, serial: [7])
        trust = TrustStore(TrustedAuthorities(anchors: [root.certificate], intermediates: [intermediate.certificate]))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func source() -> FileRevocationSource {
        FileRevocationSource(path: file.path, trust: trust) { [reports] in reports.add($0) }
    }

    private func publish(_ texts: String...) throws {
        try Data(texts.joined().utf8).write(to: file, options: .atomic)
    }

    private func judge(_ source: FileRevocationSource, _ serial: [UInt8] = [0x0A], at now: Date? = nil) async throws -> Reason? {
        let allowed = AllowedClient(uri: "spiffe://authbed.test/client/alice", principal: "alice", scopes: [])
        let verifier = PeerChecks.all(allowed: ClientList([allowed]), chain: ChainRule(trust), revocation: source)
            .dropping("validity").dropping("chain")
        switch await verifier.verify(PeerEvidence(peer: try intermediate.client(serial: serial)), at: now ?? self.now) {
        case .passed: return nil
        case .refused(let refusal, _): return refusal.reason
        }
    }

    @Test("Without a file nobody passes, and it is said once")
    func missing() async throws {
        let source = source()
        #expect(try await judge(source) == .revocationUnknown)
        #expect(try await judge(source) == .revocationUnknown)
        #expect(reports.all.count == 1)
    }

    @Test("A change of the file is seen by the next question")
    func change() async throws {
        let source = source()
        try publish(ForgedList().pem(signedBy: intermediate))
        #expect(try await judge(source) == nil)
        try publish(ForgedList(number: 2, serials: [[0x0A]]).pem(signedBy: intermediate))
        #expect(try await judge(source) == .revoked)
        #expect(try await judge(source, [0x0B]) == nil)
        #expect(reports.all == [])
    }

    @Test("A certificate is judged by the list of its own issuer")
    func ownIssuer() async throws {
        let source = source()
        try publish(ForgedList(serials: [[0x0A]]).pem(signedBy: root), ForgedList().pem(signedBy: intermediate))
        #expect(try await judge(source) == nil)
        try publish(ForgedList(number: 2).pem(signedBy: root))
        #expect(try await judge(source) == .revocationUnknown)
    }

    @Test("A revoked intermediate takes its clients with it")
    func revokedIssuer() async throws {
        let source = source()
        try publish(ForgedList(serials: [[7]]).pem(signedBy: root), ForgedList().pem(signedBy: intermediate))
        #expect(try await judge(source) == .revoked)
    }

    @Test("A bad file does not displace the list before it, and is reported")
    func badFile() async throws {
        let source = source()
        let stranger = try Authority("Intermediate")
        try publish(ForgedList(number: 5, serials: [[0x0A]]).pem(signedBy: intermediate))
        #expect(try await judge(source) == .revoked)
        let bad = [
            "no PEM at all", "", try ForgedList(number: 9).pem(signedBy: stranger),
            try ForgedList(number: 4).pem(signedBy: intermediate),
            try ForgedList(number: 9, extensions: [([2, 5, 29, 28], true)]).pem(signedBy: intermediate),
        ]
        for (count, text) in bad.enumerated() {
            try publish(text)
            #expect(try await judge(source) == .revoked)
            #expect(try await judge(source, [0x0B]) == nil)
            #expect(reports.all.count == count + 1)
        }
        try FileManager.default.removeItem(at: file)
        #expect(try await judge(source) == .revoked)
        #expect(reports.all.count == bad.count + 1)
    }

    @Test("An expired list says nothing more of those it does not name")
    func expired() async throws {
        let source = source()
        try publish(ForgedList(serials: [[0x0A]]).pem(signedBy: intermediate))
        #expect(try await judge(source, [0x0B], at: .year(2030)) == nil)
        #expect(try await judge(source, [0x0B], at: .year(2030) + 1) == .revocationUnknown)
        #expect(try await judge(source, at: .year(2030) + 1) == .revoked)
        #expect(try await judge(source, [0x0B], at: .year(2026) - 1) == .revocationUnknown)
    }

    @Test("A reload on demand says what is wrong")
    func reload() async throws {
        let source = source()
        #expect(source.loadBlocking(at: now) != nil)
        #expect(await source.reload(at: now) != nil)
        try publish(ForgedList().pem(signedBy: intermediate))
        #expect(await source.reload(at: now) == nil)
        #expect(source.loadBlocking(at: now) == nil)
    }

    @Test("An intermediate that no anchor signed has no say")
    func foreignIntermediate() async throws {
        let stranger = try Authority("Stranger")
        let authorities = TrustedAuthorities(anchors: [root.certificate], intermediates: [stranger.certificate])
        #expect(!authorities.vouch(for: try RevocationList(der: ForgedList().der(signedBy: stranger))))
        #expect(authorities.vouch(for: try RevocationList(der: ForgedList().der(signedBy: root))))
    }
}
