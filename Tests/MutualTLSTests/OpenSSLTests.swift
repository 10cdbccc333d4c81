import Auth
import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

/// What OpenSSL made is understood, and judged as it meant it.
struct OpenSSLTests {
    private let authority: Certificate

    init() throws {
        authority = try Corpus.certificate("ca.pem")
    }

    private func peer(_ name: String) throws -> PeerCertificate {
        var serializer = DER.Serializer()
        try serializer.serialize(Corpus.certificate(name))
        return try PeerCertificate(der: serializer.serializedBytes)
    }

    private func verdict(_ answer: String, on name: String) throws -> OCSPVerdict {
        let bytes = try Corpus.bytes(answer)
        guard case .basic(let basic) = try OCSPResponse(der: bytes).content else { return .unavailable("no answer") }
        // The question is not kept: its nonce is the answer's.
        let id = try OCSPCertificateID(of: peer(name).certificate, issuer: authority)
        return OCSPVerification(of: OCSPRequest(id, nonce: basic.nonce), issuer: authority, maximumAge: 300)
            .verdict(on: bytes, at: basic.producedAt)
    }

    @Test("Its revocation lists", arguments: [("crl-openssl-0.der", 0), ("crl-openssl-1.der", 1)])
    func lists(name: String, count: Int) throws {
        let list = try RevocationList(der: Corpus.bytes(name))
        #expect(list.count == count)
        #expect(list.isSigned(by: authority))
        #expect(list.contains(serial: try peer("bob.pem").serial) == (count == 1))
        #expect(!list.contains(serial: try peer("alice.pem").serial))
    }

    @Test("Its OCSP answers, by the authority and by a responder it appointed, named either way")
    func answers() throws {
        for name in ["ocsp-good.der", "ocsp-delegated.der", "ocsp-by-key.der", "ocsp-two.der"] {
            guard case .good = try verdict(name, on: "alice.pem") else {
                Issue.record("\(name): \(try verdict(name, on: "alice.pem"))")
                continue
            }
        }
        for name in ["ocsp-revoked.der", "ocsp-two.der"] {
            guard case .revoked = try verdict(name, on: "bob.pem") else {
                Issue.record("\(name): \(try verdict(name, on: "bob.pem"))")
                continue
            }
        }
        #expect(try verdict("ocsp-good.der", on: "bob.pem") == .unknown("an answer about another certificate"))
    }

    @Test("The responder that a certificate names")
    func responder() throws {
        #expect(try peer("alice.pem").responders == ["http://ocsp.authbed.test/"])
    }

    @Test("Keys and signatures that are too weak to be read are no certificates; the others are refused for it")
    func weak() async throws {
        for name in ["weak-rsa1024.pem", "weak-ec-sha1.pem"] {
            #expect(throws: (any Error).self) { try peer(name) }
        }
        let check = PeerChecks.strength
        var evidence = PeerEvidence(peer: try peer("weak-sha1.pem"))
        #expect(await check(&evidence, at: .now)?.reason == .algorithm)
        var strong = PeerEvidence(peer: try peer("alice.pem"))
        #expect(await check(&strong, at: .now) == nil)
    }
}
