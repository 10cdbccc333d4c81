import Crypto
package import Foundation
package import X509

/// What an answer is worth, and until when.
package enum OCSPVerdict: Sendable, Hashable {
    /// `until` is the last moment at which it may count.
    case good(until: Date)
    case revoked(String)
    /// An answer that says nothing to rely on: it is refused, however much outages are forgiven.
    case unknown(String)
    /// No answer: the responder cannot be reached, or says that it cannot answer.
    case unavailable(String)
}

/// Whether to believe an answer (RFC 6960 section 3.2).
///
/// swift-certificates has this as `OCSPVerifierPolicy`, which cannot be used here: it lets a certificate pass when the
/// responder cannot be reached, in its hard mode too, believes answers for 75 minutes past their `nextUpdate`, takes an answer
/// without the nonce that was asked for, tells neither the status nor how long it may be cached, and keeps its message types to itself.
package struct OCSPVerification: Sendable {
    /// How far the responder's clock may be ahead of ours, in seconds.
    package static let clockDifference: TimeInterval = 60

    private let request: OCSPRequest
    private let issuer: Certificate
    private let maximumAge: TimeInterval

    /// - Parameter maximumAge: For how many seconds an answer counts whose responder does not say when it will know more.
    package init(of request: OCSPRequest, issuer: Certificate, maximumAge: TimeInterval) {
        self.request = request
        self.issuer = issuer
        self.maximumAge = maximumAge
    }

    package func verdict(on bytes: [UInt8], at now: Date) -> OCSPVerdict {
        let response: OCSPResponse
        do {
            response = try OCSPResponse(der: bytes)
        } catch {
            return .unknown("the responder's answer is malformed: \(error)")
        }
        switch response.content {
        case .failure(let failure): return .unavailable("the responder says \(failure)")
        case .basic(let basic): return verdict(on: basic, at: now)
        }
    }

    private func verdict(on basic: OCSPResponse.Basic, at now: Date) -> OCSPVerdict {
        if let objection = signatureObjection(to: basic, at: now) { return .unknown(objection) }
        if let name = basic.criticalExtension { return .unknown("an answer with the critical extension \(name)") }
        if let nonce = request.nonce, basic.nonce != nonce {
            return .unknown(basic.nonce == nil ? "an answer without the nonce" : "an answer with another nonce")
        }
        let answers = basic.answers.filter { $0.id == request.id }
        guard let answer = answers.first else { return .unknown("an answer about another certificate") }
        guard answers.count == 1 else { return .unknown("two answers about one certificate") }
        let ahead = now + Self.clockDifference
        guard answer.thisUpdate <= ahead, basic.producedAt <= ahead else { return .unknown("an answer from the future") }
        let end = answer.nextUpdate ?? answer.thisUpdate + maximumAge
        guard now <= end else { return .unknown("an answer that expired at \(end)") }
        guard answer.thisUpdate <= end else { return .unknown("an answer that was never valid") }
        switch answer.status {
        case .good: return .good(until: end)
        case .revoked(let date): return .revoked("its issuer says it was revoked at \(date)")
        case .unknown: return .unknown("its issuer's responder does not know it")
        }
    }

    /// RFC 6960 section 4.2.2.2: the issuer itself, or whom it appointed, by a certificate signed with the same key.
    private func signatureObjection(to basic: OCSPResponse.Basic, at now: Date) -> String? {
        guard let algorithm = SignatureRules.algorithms[basic.algorithm] else { return "an answer signed with \(basic.algorithm)" }
        guard let signer = ([issuer] + basic.certificates).first(where: { basic.responder.is($0) }) else {
            return "an answer by nobody known"
        }
        guard signer == issuer || isAppointed(signer, at: now) else { return "an answer by somebody who may not" }
        guard signer.publicKey.isValidSignature(basic.signature, for: basic.signed, signatureAlgorithm: algorithm) else {
            return "an answer whose signature is not valid"
        }
        return nil
    }

    /// Its own revocation is not asked after, as if it had `id-pkix-ocsp-nocheck`: that would be asked of it itself.
    private func isAppointed(_ signer: Certificate, at now: Date) -> Bool {
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
