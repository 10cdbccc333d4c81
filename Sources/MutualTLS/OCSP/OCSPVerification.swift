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
    private let rules: PublishedRules<OCSPEvidence>

    /// - Parameter maximumAge: For how many seconds an answer counts whose responder does not say when it will know more.
    package init(
        of request: OCSPRequest, issuer: Certificate, maximumAge: TimeInterval, rules: PublishedRules<OCSPEvidence> = OCSPRules.all
    ) {
        self.request = request
        self.issuer = issuer
        self.maximumAge = maximumAge
        self.rules = rules
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
        var evidence = OCSPEvidence(request: request, issuer: issuer, answer: basic, maximumAge: maximumAge)
        if let objection = rules.objection(to: &evidence, at: now) { return .unknown(objection) }
        guard let single = evidence.single, let end = evidence.end else { return .unknown("an answer about nothing") }
        if case .revoked(let date) = single.status { return .revoked("its issuer says it was revoked at \(date)") }
        return .good(until: end)
    }
}
