import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

struct OCSPVerificationTests {
    private let authority: Authority
    private let peer: PeerCertificate
    private let request: OCSPRequest
    private let now = Date.year(2026, month: 6) + 3600

    init() throws {
        authority = try Authority("Test CA")
        peer = try authority.client()
        request = OCSPRequest(
            try OCSPCertificateID(of: peer.certificate, issuer: authority.certificate), nonce: OCSPRequest.randomNonce())
    }

    private func verdict(
        _ answer: ForgedAnswer, signedBy signer: (key: Certificate.PrivateKey, certificate: Certificate)? = nil, at now: Date? = nil,
        nonce: Bool = true
    ) throws -> OCSPVerdict {
        var answer = answer
        answer.nonce = answer.nonce ?? (nonce ? request.nonce : nil)
        var request = request
        if !nonce { request.nonce = nil }
        let der = try answer.der(about: peer, of: authority, signedBy: signer ?? (authority.key, authority.certificate))
        return OCSPVerification(of: request, issuer: authority.certificate, maximumAge: 300).verdict(on: der, at: now ?? self.now)
    }

    private func isUnknown(_ verdict: OCSPVerdict) -> Bool {
        if case .unknown = verdict { true } else { false }
    }

    @Test("An answer by the issuer counts until its end, the responder named either way")
    func good() throws {
        #expect(try verdict(ForgedAnswer()) == .good(until: .year(2026, month: 7)))
        #expect(try verdict(ForgedAnswer(responder: .key)) == .good(until: .year(2026, month: 7)))
        #expect(try verdict(ForgedAnswer(), nonce: false) == .good(until: .year(2026, month: 7)))
    }

    @Test("The status is the issuer's word")
    func status() throws {
        guard case .revoked = try verdict(ForgedAnswer(status: .revoked)) else {
            Issue.record("a revoked certificate counts")
            return
        }
        #expect(isUnknown(try verdict(ForgedAnswer(status: .unknown))))
    }

    @Test("A responder that the issuer appointed speaks for it, and nobody else does")
    func appointed() throws {
        func ask(_ signer: (key: Certificate.PrivateKey, certificate: Certificate)) throws -> OCSPVerdict {
            try verdict(ForgedAnswer(certificates: [signer.certificate]), signedBy: signer)
        }
        #expect(try ask(authority.responder()) == .good(until: .year(2026, month: 7)))
        let unfit = [
            try authority.responder(usage: ExtendedKeyUsage([.clientAuth])), try authority.responder(usage: nil),
            try authority.responder(years: 2024...2025), try authority.responder(years: 2030...2031),
            try authority.responder(maySign: false), try Authority("Test CA").responder(), try Authority("Other CA").responder(),
            try Authority("Below", issuer: authority).responder(),
        ]
        for signer in unfit { #expect(isUnknown(try ask(signer))) }
        // Appointed, and not shown.
        #expect(isUnknown(try verdict(ForgedAnswer(), signedBy: authority.responder())))
        // Another's key under the issuer's name.
        let stranger = try Authority("Test CA")
        #expect(isUnknown(try verdict(ForgedAnswer(), signedBy: (stranger.key, stranger.certificate))))
        #expect(isUnknown(try verdict(ForgedAnswer(named: authority.certificate), signedBy: (stranger.key, stranger.certificate))))
    }

    @Test("An answer about another certificate, or another issuer's, says nothing")
    func other() throws {
        #expect(isUnknown(try verdict(ForgedAnswer(serial: [0x0A, 0xBD]))))
        #expect(isUnknown(try verdict(ForgedAnswer(issuer: try Authority("Test CA")))))
        #expect(isUnknown(try verdict(ForgedAnswer(issuer: try Authority("Other CA")))))
        #expect(isUnknown(try verdict(ForgedAnswer(times: 2))))
        #expect(isUnknown(try verdict(ForgedAnswer(times: 0))))
    }

    @Test("An answer counts between its two times, both inclusive, and clocks may differ a little")
    func times() throws {
        let answer = ForgedAnswer()
        #expect(try verdict(answer, at: .year(2026, month: 7)) == .good(until: .year(2026, month: 7)))
        #expect(isUnknown(try verdict(answer, at: .year(2026, month: 7) + 1)))
        let early = answer.thisUpdate - OCSPVerification.clockDifference
        #expect(try verdict(answer, at: early) == .good(until: .year(2026, month: 7)))
        #expect(isUnknown(try verdict(answer, at: early - 1)))
        #expect(isUnknown(try verdict(ForgedAnswer(producedAt: now + 3600))))
        #expect(isUnknown(try verdict(ForgedAnswer(thisUpdate: now, nextUpdate: now - 1))))
    }

    @Test("An answer that does not say when the next one comes counts for no longer than answers may be kept")
    func noNextUpdate() throws {
        let answer = ForgedAnswer(thisUpdate: now, nextUpdate: nil)
        #expect(try verdict(answer) == .good(until: now + 300))
        #expect(isUnknown(try verdict(answer, at: now + 301)))
    }

    @Test("A nonce that was asked for must come back")
    func nonce() throws {
        #expect(isUnknown(try verdict(ForgedAnswer(nonce: [1, 2, 3]))))
        let der = try ForgedAnswer().der(about: peer, of: authority, signedBy: (authority.key, authority.certificate))
        let verification = OCSPVerification(of: request, issuer: authority.certificate, maximumAge: 300)
        #expect(isUnknown(verification.verdict(on: der, at: now)))
    }

    @Test("A responder that cannot answer is out of order; one that talks nonsense is not to be relied on")
    func noAnswer() throws {
        let verification = OCSPVerification(of: request, issuer: authority.certificate, maximumAge: 300)
        for status: UInt8 in [1, 2, 3, 5, 6] {
            guard case .unavailable = verification.verdict(on: try ForgedAnswer.failure(status), at: now) else {
                Issue.record("status \(status)")
                continue
            }
        }
        for nonsense in [[], Array("<html>".utf8), try ForgedAnswer.failure(4), try ForgedAnswer.failure(0)] {
            #expect(isUnknown(verification.verdict(on: nonsense, at: now)))
        }
        #expect(isUnknown(try verdict(ForgedAnswer(criticalExtension: true))))
        #expect(isUnknown(try verdict(ForgedAnswer(version: 1))))
    }

    @Test("Every shortened answer is malformed, and a flipped bit is noticed")
    func damaged() throws {
        let verification = OCSPVerification(of: request, issuer: authority.certificate, maximumAge: 300)
        var answer = ForgedAnswer()
        answer.nonce = request.nonce
        let der = try answer.der(about: peer, of: authority, signedBy: (authority.key, authority.certificate))
        #expect(verification.verdict(on: der, at: now) == .good(until: .year(2026, month: 7)))
        for length in 0..<der.count {
            #expect(throws: OCSPResponse.Malformed.self) { try OCSPResponse(der: Array(der[..<length])) }
        }
        for index in der.indices {
            var bent = der
            bent[index] ^= 0x04
            if case .good = verification.verdict(on: bent, at: now) { Issue.record("a flipped bit at \(index) goes unnoticed") }
        }
    }

    @Test("A question names the certificate, and carries the nonce at its end")
    func question() throws {
        let id = try OCSPCertificateID(of: peer.certificate, issuer: authority.certificate)
        let plain = try OCSPRequest(id, nonce: nil).der
        // Five sequences around 59 bytes of CertID: two SHA-1 hashes, the name of that function, and two bytes of serial number.
        #expect(plain.count == 69)
        #expect(Array(plain[0..<10]) == [0x30, 67, 0x30, 65, 0x30, 63, 0x30, 61, 0x30, 59])
        #expect(Array(plain.suffix(4)) == [0x02, 0x02, 0x0A, 0xBC])
        let withNonce = try OCSPRequest(id, nonce: Array(repeating: 7, count: 32)).der
        #expect(withNonce.suffix(34) == [0x04, 0x20] + Array(repeating: 7, count: 32))
    }
}
