import Auth
import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

struct ChainRuleTests {
    private let root: Authority
    private let now = Date.year(2026, month: 6)

    init() throws {
        root = try Authority("Root")
    }

    private func trust(_ anchors: [Authority], _ intermediates: [Authority] = []) -> TrustedAuthorities {
        TrustedAuthorities(anchors: anchors.map(\.certificate), intermediates: intermediates.map(\.certificate))
    }

    private func reason(
        _ peer: PeerCertificate, _ trusted: TrustedAuthorities, handshake: TrustedAuthorities? = nil, maximumLength: Int = 5,
        at now: Date? = nil
    ) async -> Reason? {
        await ChainRule(TrustStore(trusted), maximumLength: maximumLength)
            .refusal(of: peer, handshake: handshake?.anchors, at: now ?? self.now)?.reason
    }

    @Test("A certificate that no handshake has seen is judged in full")
    func full() async throws {
        let intermediate = try Authority("Intermediate", issuer: root)
        #expect(await reason(try root.client(), trust([root])) == nil)
        #expect(await reason(try intermediate.client(), trust([root], [intermediate])) == nil)
        #expect(await reason(try intermediate.client(), trust([root])) == .untrusted)
        #expect(await reason(try Authority("Root").client(), trust([root])) == .untrusted)
        #expect(await reason(try root.client(), trust([])) == .untrusted)
    }

    @Test("An issuer that is not known here is the handshake's business, while all its anchors are trusted")
    func handshake() async throws {
        let other = try Authority("Other")
        let unknown = try Authority("Unknown", issuer: root)
        let peer = try unknown.client()
        #expect(await reason(peer, trust([root]), handshake: trust([root])) == nil)
        #expect(await reason(peer, trust([root, other]), handshake: trust([root])) == nil)
        #expect(await reason(peer, trust([root]), handshake: trust([root, other])) == .untrusted)
        #expect(await reason(peer, trust([root], [unknown]), handshake: trust([root, other])) == nil)
        #expect(await reason(peer, trust([other]), handshake: trust([root, other])) == .untrusted)
    }

    @Test("Authorities that the client has sent are judged as those that are known")
    func sent() async throws {
        let sent = try Authority("Sent", issuer: root, years: 2025...2027)
        let peer = try sent.client(issuers: [sent.certificate])
        let trusted = trust([root])
        #expect(await reason(peer, trusted, handshake: trusted) == nil)
        #expect(await reason(peer, trusted) == nil)
        #expect(await reason(peer, trusted, handshake: trusted, at: .year(2027) + 1) == .expired)
        #expect(await reason(peer, trusted, handshake: trusted, maximumLength: 2) == .untrusted)
        #expect(await reason(peer, trust([try Authority("Other")]), handshake: trusted) == .untrusted)
        // The same certificate with and without them, under one memory.
        let rule = ChainRule(TrustStore(trusted))
        let alone = try PeerCertificate(der: try peer.certificate.der)
        #expect(await rule.refusal(of: alone, handshake: nil, at: now)?.reason == .untrusted)
        #expect(await rule.refusal(of: peer, handshake: nil, at: now) == nil)
        #expect(await rule.refusal(of: alone, handshake: nil, at: now)?.reason == .untrusted)
    }

    @Test("Issuers whose own time is over, or has not come, sign for nobody")
    func issuersValidity() async throws {
        let intermediate = try Authority("Intermediate", issuer: root, years: 2025...2027)
        let peer = try intermediate.client()
        let trusted = trust([root], [intermediate])
        #expect(await reason(peer, trusted, handshake: trusted) == nil)
        #expect(await reason(peer, trusted, handshake: trusted, at: .year(2027) + 1) == .expired)
        #expect(await reason(peer, trusted, handshake: trusted, at: .year(2024)) == .notYetValid)
        // A cross-signed one with another life ahead of it.
        let renewed = try Authority("Intermediate", issuer: root, serial: [9], years: 2026...2030, key: intermediate.key)
        let both = trust([root], [intermediate, renewed])
        #expect(await reason(peer, both, handshake: both, at: .year(2028)) == nil)
    }

    @Test("A verdict is remembered no longer than it holds")
    func remembered() async throws {
        let intermediate = try Authority("Intermediate", issuer: root, years: 2025...2027)
        let peer = try intermediate.client()
        let store = TrustStore(trust([root], [intermediate]))
        let rule = ChainRule(store)
        let anchors = store.current.authorities.anchors
        #expect(await rule.refusal(of: peer, handshake: anchors, at: now) == nil)
        #expect(await rule.refusal(of: peer, handshake: anchors, at: .year(2027) + 1)?.reason == .expired)
        #expect(await rule.refusal(of: peer, handshake: anchors, at: now) == nil)
        store.replace(trust([root]))
        // Known no more, and still the handshake's word.
        #expect(await rule.refusal(of: peer, handshake: anchors, at: now) == nil)
        #expect(await rule.refusal(of: peer, handshake: nil, at: now)?.reason == .untrusted)
        store.replace(trust([]))
        #expect(await rule.refusal(of: peer, handshake: anchors, at: now)?.reason == .untrusted)
    }

    @Test("A chain has no more certificates than it may")
    func length() async throws {
        let first = try Authority("First", issuer: root)
        let second = try Authority("Second", issuer: first)
        let trusted = trust([root], [second, first])
        let peer = try second.client()
        #expect(await reason(peer, trusted, handshake: trusted, maximumLength: 4) == nil)
        #expect(await reason(peer, trusted, handshake: trusted, maximumLength: 3) == .untrusted)
        #expect(await reason(peer, trusted, maximumLength: 4) == nil)
    }

    @Test("Path lengths and names that an authority is held to")
    func constraints() async throws {
        let short = try Authority("Short", issuer: root, maxPathLength: 0)
        let below = try Authority("Below", issuer: short)
        #expect(await reason(try short.client(), trust([root], [short])) == nil)
        #expect(await reason(try below.client(), trust([root], [short, below])) == .untrusted)
        let permitted = try Authority(
            "Permitted", issuer: root,
            constraints: NameConstraints(permittedDNSDomains: ["authbed.test"], forbiddenURIDomains: ["evil.test"]))
        let trusted = trust([root], [permitted])
        #expect(await reason(try permitted.client(names: [.dnsName("alice.authbed.test")]), trusted) == nil)
        #expect(await reason(try permitted.client(names: [.dnsName("alice.other.test")]), trusted) == .untrusted)
        #expect(await reason(try permitted.client(names: [.uniformResourceIdentifier("spiffe://evil.test/x")]), trusted) == .untrusted)
    }

    @Test("Authorities that sign each other in a circle lead nowhere, and to an end")
    func circle() async throws {
        let one = try Authority("One", issuer: root)
        let two = try Authority("Two", issuer: one)
        let back = try Authority("One", issuer: two, serial: [5], key: one.key)
        let trusted = trust([root], [one, two, back])
        #expect(await reason(try two.client(), trusted, handshake: trusted) == nil)
        #expect(await reason(try one.client(), trusted) == nil)
    }
}
