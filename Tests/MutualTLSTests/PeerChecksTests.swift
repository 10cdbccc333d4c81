import Auth
import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

struct PeerChecksTests {
    private let alice = AllowedClient(uri: "spiffe://authbed.test/client/alice", principal: "alice", scopes: ["mcp:read"])
    private let authority: Authority

    init() throws {
        authority = try Authority("Test CA")
    }

    private func verify(
        _ peer: PeerCertificate, allowed: [AllowedClient]? = nil, at now: Date = .year(2026, month: 6)
    ) async -> (reason: Reason?, by: String?, principal: Principal?) {
        let trust = TrustStore(TrustedAuthorities(anchors: [authority.certificate]))
        let verifier = PeerChecks.all(allowed: ClientList(allowed ?? [alice]), chain: ChainRule(trust), revocation: nil)
        switch await verifier.verify(PeerEvidence(peer: peer, handshake: trust.current.authorities.anchors), at: now) {
        case .passed(let evidence): return (nil, nil, evidence.principal)
        case .refused(let refusal, let check): return (refusal.reason, check, nil)
        }
    }

    @Test("A certificate on the list passes, and brings the principal and its scopes")
    func accepted() async throws {
        let peer = try authority.client()
        let result = await verify(peer)
        #expect(result.reason == nil)
        #expect(result.principal?.name == "alice")
        #expect(result.principal?.scopes == ["mcp:read"])
        #expect(result.principal?.credential == .certificate(serial: "0abc", thumbprint: peer.thumbprint))
        #expect(peer.thumbprint.utf8.count == 43)
    }

    @Test("The revocation check is on the list only with a source")
    func checkNames() {
        let trust = TrustStore()
        func names(_ revocation: (any RevocationSource)?, _ ocsp: (any RevocationSource)?) -> [String] {
            PeerChecks.all(allowed: ClientList(), chain: ChainRule(trust), revocation: revocation, ocsp: ocsp).checks.map(\.name)
        }
        #expect(names(nil, nil) == ["version", "usage", "form", "strength", "chain", "name", "validity"])
        let source = FileRevocationSource(path: "/nonexistent", trust: trust)
        #expect(
            names(source, source)
                == ["version", "usage", "form", "strength", "chain", "name", "revocation", "validity", "ocsp"])
    }

    @Test("Certificates before version 3 are refused")
    func version() async throws {
        let result = await verify(try authority.client(version: .v1))
        #expect(result.reason == .usage)
        #expect(result.by == "version")
    }

    @Test("A certificate for another purpose is refused")
    func usage() async throws {
        let peers = [
            try authority.client(usage: ExtendedKeyUsage([.serverAuth])),
            try authority.client(maySign: false),
            try authority.client(mayBeAuthority: true),
        ]
        for peer in peers {
            let result = await verify(peer)
            #expect(result.reason == .usage)
            #expect(result.by == "usage")
        }
    }

    @Test("Without an extended key usage nothing is forbidden")
    func noExtendedKeyUsage() async throws {
        #expect(await verify(try authority.client(usage: nil)).reason == nil)
    }

    @Test(
        "A name matches byte for byte",
        arguments: [
            "spiffe://authbed.test/client/alice ", "spiffe://authbed.test/client/Alice", "spiffe://authbed.test/client/alice/x",
            "xspiffe://authbed.test/client/alice", "spiffe://authbed.test/client/intruder",
        ])
    func lookalikes(uri: String) async throws {
        let result = await verify(try authority.client(names: [.uniformResourceIdentifier(uri)]))
        #expect(result.reason == .name)
        #expect(result.by == "name")
    }

    @Test("A common name does not help a certificate that has alternative names")
    func alternativeNameWins() async throws {
        let peer = try authority.client(names: [.uniformResourceIdentifier("spiffe://authbed.test/client/intruder")])
        let entry = AllowedClient(
            uri: "spiffe://authbed.test/client/alice", commonName: "alice", principal: "alice", scopes: [])
        #expect(await verify(peer, allowed: [entry]).reason == .name)
        #expect(await verify(try authority.client(names: nil), allowed: [entry]).reason == nil)
    }

    @Test(
        "A common name counts only where an entry gives one, and only alone",
        arguments: [
            (["alice"], Reason?.none), (["alice\0.evil"], .name), (["e\u{301}"], .name), (["alice", "alice"], .name),
            (["intruder", "alice"], .name),
        ])
    func commonNames(names: [String], reason: Reason?) async throws {
        let peer = try authority.client(names: nil, subject: names.map { .commonName($0) })
        let entries = ["alice", "\u{E9}"].map { AllowedClient(commonName: $0, principal: $0, scopes: []) }
        #expect(await verify(peer, allowed: entries).reason == reason)
        #expect(await verify(peer, allowed: [alice]).reason == .name)
    }

    @Test(
        "A common name in an encoding that is not text is nobody's",
        arguments: [
            [0x1E, 0x0A, 0, 0x61, 0, 0x6C, 0, 0x69, 0, 0x63, 0, 0x65],  // BMPString
            [0x14, 0x05, 0x61, 0x6C, 0x69, 0x63, 0x65],  // T61String
            [0x1C, 0x04, 0, 0, 0, 0x61],  // UniversalString
            [0x16, 0x05, 0x61, 0x6C, 0x69, 0x63, 0x65],  // IA5String
        ] as [[UInt8]])
    func oddEncoding(value: [UInt8]) async throws {
        let odd = try RelativeDistinguishedName.Attribute.Value(asn1Any: ASN1Any(derEncoded: value))
        let peer = try authority.client(names: nil, subject: [.init(type: .RDNAttributeType.commonName, value: odd)])
        #expect(peer.commonNames == [nil])
        #expect(await verify(peer, allowed: [AllowedClient(commonName: "alice", principal: "alice", scopes: [])]).reason == .name)
    }

    @Test("A certificate that bears two clients' names is neither's")
    func severalClients() async throws {
        let peer = try authority.client(names: [
            .uniformResourceIdentifier("spiffe://authbed.test/client/alice"), .dnsName("bob.authbed.test"),
        ])
        let bob = AllowedClient(dns: "bob.authbed.test", principal: "bob", scopes: [])
        #expect(await verify(peer, allowed: [alice, bob]).reason == .name)
        #expect(await verify(peer, allowed: [bob]).principal?.name == "bob")
    }

    @Test("E-mail and IP addresses are names too, each in its place")
    func addresses() async throws {
        let mail = AllowedClient(email: "bob@authbed.test", principal: "bob", scopes: [])
        let host = AllowedClient(address: IPAddress("::1"), principal: "host", scopes: [])
        let loopback = IPAddress("0:0:0:0:0:0:0:1").map { ASN1OctetString(contentBytes: $0.octets[...]) }
        let byMail = try authority.client(names: [.rfc822Name("bob@authbed.test")])
        #expect(await verify(byMail, allowed: [mail, host]).principal?.name == "bob")
        #expect(
            await verify(try authority.client(names: [.ipAddress(#require(loopback))]), allowed: [mail, host]).principal?.name == "host")
        #expect(await verify(try authority.client(names: [.dnsName("bob@authbed.test")]), allowed: [mail, host]).reason == .name)
        #expect(await verify(try authority.client(names: [.dnsName("::1")]), allowed: [mail, host]).reason == .name)
        #expect(IPAddress("127.0.0.256") == nil && IPAddress("127.0.0.1")?.octets == [127, 0, 0, 1])
    }

    @Test("Where two anchors have one name, the list says which of them vouches for whom")
    func anchors() async throws {
        let namesake = try Authority("Test CA")
        let trust = TrustStore(TrustedAuthorities(anchors: [authority.certificate, namesake.certificate]))
        let clients = try [authority, namesake].enumerated().map { index, authority in
            AllowedClient(
                commonName: "alice", issuer: "CN=Test CA", anchor: PeerCertificate.thumbprint(of: try authority.certificate.der),
                principal: "alice-\(index)", scopes: [])
        }
        let checks = PeerChecks.all(allowed: ClientList(clients), chain: ChainRule(trust), revocation: nil)
        for (index, authority) in [authority, namesake].enumerated() {
            guard
                case .passed(let evidence) = await checks.verify(
                    PeerEvidence(peer: try authority.client(names: nil)), at: .year(2026, month: 6))
            else {
                Issue.record("refused")
                continue
            }
            #expect(evidence.principal?.name == "alice-\(index)")
        }
    }

    @Test("A certificate with two URIs has no one name of that kind, in either order")
    func twoURIs() async throws {
        let own = GeneralName.uniformResourceIdentifier("spiffe://authbed.test/client/alice")
        let other = GeneralName.uniformResourceIdentifier("spiffe://authbed.test/client/intruder")
        for names in [[own, other], [other, own], [own, own]] {
            #expect(await verify(try authority.client(names: names)).reason == .name)
        }
    }

    @Test("A certificate of an authority that is trusted no more is refused, on connections from before too")
    func anchorGone() async throws {
        let peer = try authority.client()
        let other = try Authority("Other CA")
        let both = TrustedAuthorities(anchors: [authority.certificate, other.certificate])
        let trust = TrustStore(both)
        let verifier = PeerChecks.all(allowed: ClientList([alice]), chain: ChainRule(trust), revocation: nil)
        func reason() async -> Reason? {
            var evidence = PeerEvidence(peer: peer, handshake: both.anchors)
            return await verifier.objection(to: &evidence, at: .year(2026, month: 6))?.refusal.reason
        }
        #expect(await reason() == nil)
        trust.replace(TrustedAuthorities(anchors: [other.certificate]))
        #expect(await reason() == .untrusted)
        trust.replace(TrustedAuthorities(anchors: [authority.certificate]))
        #expect(await reason() == nil)
    }

    @Test("A replaced list of clients counts from the next request on")
    func clientsReplaced() async throws {
        let peer = try authority.client()
        let trust = TrustStore(TrustedAuthorities(anchors: [authority.certificate]))
        let clients = ClientList([alice])
        let verifier = PeerChecks.all(allowed: clients, chain: ChainRule(trust), revocation: nil)
        func reason() async -> Reason? {
            var evidence = PeerEvidence(peer: peer)
            return await verifier.objection(to: &evidence, at: .year(2026, month: 6))?.refusal.reason
        }
        #expect(await reason() == nil)
        clients.replace([])
        #expect(await reason() == .name)
        clients.replace([AllowedClient(uri: "spiffe://authbed.test/client/bob", principal: "bob", scopes: []), alice])
        #expect(await reason() == nil)
    }

    @Test("An entry with an issuer is for that issuer's certificates")
    func issuer() async throws {
        var entry = alice
        entry.issuer = "CN=Other CA"
        #expect(await verify(try authority.client(), allowed: [entry]).reason == .name)
        entry.issuer = "CN=Test CA"
        #expect(await verify(try authority.client(), allowed: [entry]).reason == nil)
    }

    @Test("An entry without any name matches nobody")
    func emptyEntry() async throws {
        let entry = AllowedClient(principal: "anyone", scopes: [])
        #expect(await verify(try authority.client(), allowed: [entry]).reason == .name)
        #expect(await verify(try authority.client(names: nil, subject: [.commonName("")]), allowed: [entry]).reason == .name)
    }

    @Test("A certificate without any name is none (RFC 5280 section 4.1.2.6)")
    func nameless() async throws {
        #expect(await verify(try authority.client(names: nil, subject: []), allowed: [alice]).reason == .malformed)
    }

    @Test("Both ends of the validity belong to it")
    func validity() async throws {
        let peer = try authority.client()
        #expect(await verify(peer, at: peer.notBefore).reason == nil)
        #expect(await verify(peer, at: peer.notAfter).reason == nil)
        #expect(await verify(peer, at: peer.notBefore - 1).reason == .notYetValid)
        #expect(await verify(peer, at: peer.notAfter + 1).reason == .expired)
    }
}
