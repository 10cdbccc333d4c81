import Crypto
package import Foundation
package import X509

/// A responder's answer, and what it is judged against.
package struct OCSPEvidence: Sendable {
    package let request: OCSPRequest
    /// Who issued the certificate that was asked about.
    package let issuer: Certificate
    package let answer: OCSPResponse.Basic
    /// For how many seconds an answer counts whose responder does not say when it will know more.
    package let maximumAge: TimeInterval
    /// What it says about the certificate that was asked about; set by the rule `subject`.
    package var single: OCSPResponse.Answer?

    package init(request: OCSPRequest, issuer: Certificate, answer: OCSPResponse.Basic, maximumAge: TimeInterval) {
        self.request = request
        self.issuer = issuer
        self.answer = answer
        self.maximumAge = maximumAge
    }

    /// The certificate of whom the answer names as its responder.
    package var signer: Certificate? { ([issuer] + answer.certificates).first { answer.responder.is($0) } }

    /// The last moment at which it may count.
    package var end: Date? { single.map { $0.nextUpdate ?? $0.thisUpdate + maximumAge } }
}

/// When an answer says something to rely on (RFC 6960 section 3.2).
package enum OCSPRules {
    /// In this order.
    package static let all = PublishedRules<OCSPEvidence>([signer, signature, extensions, nonce, subject, begun, ended, known])

    /// RFC 6960 section 4.2.2.2: the issuer itself, or whom it appointed, by a certificate signed with the same key.
    package static let signer = PublishedRule<OCSPEvidence>("signer") { evidence, now in
        guard let signer = evidence.signer else { return "an answer by nobody known" }
        return signer == evidence.issuer || isAppointed(signer, by: evidence.issuer, at: now) ? nil : "an answer by somebody who may not"
    }

    package static let signature = PublishedRule<OCSPEvidence>("signature") { evidence, _ in
        let answer = evidence.answer
        guard let algorithm = SignatureRules.algorithms[answer.algorithm] else { return "an answer signed with \(answer.algorithm)" }
        guard let key = evidence.signer?.publicKey else { return "an answer by nobody known" }
        return key.isValidSignature(answer.signature, for: answer.signed, signatureAlgorithm: algorithm)
            ? nil : "an answer whose signature is not valid"
    }

    package static let extensions = PublishedRule<OCSPEvidence>("extensions") { evidence, _ in
        evidence.answer.criticalExtension.map { "an answer with the critical extension \($0)" }
    }

    /// RFC 9654 section 2.1.
    package static let nonce = PublishedRule<OCSPEvidence>("nonce") { evidence, _ in
        guard let nonce = evidence.request.nonce, evidence.answer.nonce != nonce else { return nil }
        return evidence.answer.nonce == nil ? "an answer without the nonce" : "an answer with another nonce"
    }

    package static let subject = PublishedRule<OCSPEvidence>("subject") { evidence, _ in
        let answers = evidence.answer.answers.filter { $0.id == evidence.request.id }
        guard let answer = answers.first else { return "an answer about another certificate" }
        guard answers.count == 1 else { return "two answers about one certificate" }
        evidence.single = answer
        return nil
    }

    package static let begun = PublishedRule<OCSPEvidence>("begun") { evidence, now in
        let ahead = now + OCSPVerification.clockDifference
        let starts = [evidence.single?.thisUpdate, evidence.answer.producedAt].compactMap(\.self)
        return starts.allSatisfy { $0 <= ahead } ? nil : "an answer from the future"
    }

    package static let ended = PublishedRule<OCSPEvidence>("ended") { evidence, now in
        guard let end = evidence.end, let start = evidence.single?.thisUpdate else { return nil }
        guard now <= end else { return "an answer that expired at \(end)" }
        return start <= end ? nil : "an answer that was never valid"
    }

    /// RFC 6960 section 2.2: who does not know a certificate does not call it good.
    package static let known = PublishedRule<OCSPEvidence>("known") { evidence, _ in
        evidence.single?.status == .unknown ? "its issuer's responder does not know it" : nil
    }

    /// Its own revocation is not asked after, as if it had `id-pkix-ocsp-nocheck`: that would be asked of it itself.
    private static func isAppointed(_ signer: Certificate, by issuer: Certificate, at now: Date) -> Bool {
        guard signer.version == .v3, SignatureRules.weakness(of: signer) == nil, issuer.issued(signer),
            (signer.notValidBefore...max(signer.notValidBefore, signer.notValidAfter)).contains(now)
        else { return false }
        do {
            guard try signer.extensions.extendedKeyUsage?.contains(.ocspSigning) == true else { return false }
            return try signer.extensions.keyUsage?.digitalSignature ?? true
        } catch {
            return false
        }
    }
}

extension OCSPResponse.Basic.Responder {
    fileprivate func `is`(_ certificate: Certificate) -> Bool {
        switch self {
        case .name(let name): (try? certificate.subject.derBytes) == name
        case .key(let hash): Array(Insecure.SHA1.hash(data: certificate.publicKey.subjectPublicKeyInfoBytes)) == hash
        }
    }
}
