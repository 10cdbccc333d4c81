package import Auth
package import Foundation
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// Whether a certificate leads to an anchor that is trusted now.
///
/// The TLS layer built the path once, in the handshake (RFC 5280 section 6). Connections outlive that, and a forwarded
/// certificate never had one. So it is asked again here, of the intermediates that are known and of those that the client has
/// sent. Where the TLS layer has forgotten the latter, as it may for a resumed session, the client counts on the handshake's word
/// while all the anchors of that handshake are trusted, and no longer.
package final class ChainRule: Sendable {
    private let trust: TrustStore
    /// Certificates between the client's and the anchor, and these two.
    private let maximumLength: Int
    private let memory = VerdictMemory<Remembered>()

    private struct Remembered: Sendable {
        var refusal: Refusal?
        /// What the path leads to; nil where there is none, or only the handshake knows it.
        var anchor: String?
        /// The anchors of the handshake that the verdict was about, and what the client had sent.
        var handshake: AnchorSet?
        var issuers: [Certificate]?
    }

    package init(_ trust: TrustStore, maximumLength: Int = 5) {
        self.trust = trust
        self.maximumLength = maximumLength
    }

    /// - Parameter handshake: The anchors under which the TLS layer accepted the certificate; nil: it never saw it.
    package func refusal(of peer: PeerCertificate, handshake: AnchorSet?, at now: Date) async -> Refusal? {
        await verdict(on: peer, handshake: handshake, at: now).refusal
    }

    /// The same, and the anchor that the certificate leads to, as ``PeerCertificate/thumbprint(of:)`` has it; nil where only the
    /// handshake knows it.
    package func verdict(
        on peer: PeerCertificate, handshake: AnchorSet?, at now: Date
    ) async -> (refusal: Refusal?, anchor: String?) {
        let trust = self.trust.current
        if let known = memory.recall(peer.thumbprint, generation: trust.generation, at: now), known.handshake === handshake,
            known.issuers == peer.issuers
        {
            return (known.refusal, known.anchor)
        }
        let (refusal, interval, anchor) = await judge(peer, handshake, trust.authorities, now)
        memory.remember(
            Remembered(refusal: refusal, anchor: anchor, handshake: handshake, issuers: peer.issuers), for: peer.thumbprint,
            generation: trust.generation,
            during: interval)
        return (refusal, anchor)
    }

    /// The verdict, for how long it holds, and the anchor.
    private func judge(
        _ peer: PeerCertificate, _ handshake: AnchorSet?, _ authorities: TrustedAuthorities, _ now: Date
    ) async -> (Refusal?, ClosedRange<Date>, String?) {
        var found: [Path] = []
        search(from: Path(leaf: peer.certificate), authorities.anchorCertificates, authorities.intermediates + (peer.issuers ?? []), &found)
        let always = Date.distantPast...Date.distantFuture
        let stillTrusted = handshake?.isSubset(of: authorities.anchors) ?? false
        guard !found.isEmpty else {
            // Its issuer is nobody known here, or stops short of every anchor.
            let isKnown = peer.issuers != nil || !authorities.issuers(of: peer.certificate).isEmpty
            return (stillTrusted && !isKnown ? nil : Refusal(.untrusted, "it leads to no anchor that is trusted now"), always, nil)
        }
        var refusals: [Refusal] = []
        for path in found {
            if let refusal = path.objection(at: now, maximumLength: maximumLength) {
                refusals.append(refusal)
            } else if !stillTrusted, !(await path.isValid(at: now)) {
                refusals.append(Refusal(.untrusted, "no path to an anchor is valid (RFC 5280 section 6)"))
            } else {
                return (nil, path.validity, (try? path.top.derBytes).map { PeerCertificate.thumbprint(of: $0) })
            }
        }
        // Times that have not come may: this is asked again at every request.
        return (refusals.first, now...now, nil)
    }

    /// Every path over these authorities, shortest first; none goes through a certificate twice, or on and on.
    private func search(from path: Path, _ anchors: [Certificate], _ others: [Certificate], _ found: inout [Path]) {
        guard found.count < 16, path.certificates.count <= maximumLength else { return }
        for anchor in anchors where anchor.issued(path.top) {
            found.append(path.extended(by: anchor, isAnchor: true))
        }
        for authority in others where !path.certificates.contains(authority) && authority.issued(path.top) {
            search(from: path.extended(by: authority, isAnchor: false), anchors, others, &found)
        }
    }
}

/// A certificate and its issuers, up to an anchor.
private struct Path {
    private(set) var certificates: [Certificate]
    private var endsInAnchor = false

    init(leaf: Certificate) {
        certificates = [leaf]
    }

    var top: Certificate { certificates[certificates.count - 1] }

    func extended(by issuer: Certificate, isAnchor: Bool) -> Path {
        var path = self
        path.certificates.append(issuer)
        path.endsInAnchor = isAnchor
        return path
    }

    /// When all the issuers are valid; the leaf's own validity is another check's business.
    var validity: ClosedRange<Date> {
        let issuers = certificates.dropFirst()
        let start = issuers.map(\.notValidBefore).max() ?? .distantPast
        let end = issuers.map(\.notValidAfter).min() ?? .distantFuture
        return start <= end ? start...end : start...start
    }

    func objection(at now: Date, maximumLength: Int) -> Refusal? {
        guard certificates.count <= maximumLength else { return Refusal(.untrusted, "a chain of \(certificates.count) certificates") }
        for (depth, issuer) in certificates.enumerated().dropFirst() {
            if now > issuer.notValidAfter { return Refusal(.expired, "an issuer's certificate was valid until \(issuer.notValidAfter)") }
            if now < issuer.notValidBefore {
                return Refusal(.notYetValid, "an issuer's certificate is valid from \(issuer.notValidBefore)")
            }
            let isAnchor = endsInAnchor && depth == certificates.count - 1
            if let objection = CertificateProfile.objection(to: issuer, as: isAnchor ? .anchor : .issuer) {
                return Refusal(.untrusted, "an issuer's certificate has \(objection)")
            }
            if let weakness = SignatureRules.weakness(of: issuer, isAnchor: isAnchor) {
                return Refusal(.algorithm, "an issuer's certificate is weak: \(weakness)")
            }
        }
        return nil
    }

    /// The rest of RFC 5280 section 6, names and path lengths among it, by swift-certificates.
    func isValid(at now: Date) async -> Bool {
        var verifier = Verifier(rootCertificates: CertificateStore([top])) {
            RFC5280Policy(fixedExpiryValidationTime: now)
            ClientExtensions()
        }
        let result = await verifier.validate(leaf: certificates[0], intermediates: CertificateStore(certificates[1...].dropLast()))
        if case .validCertificate = result { return true }
        return false
    }
}

/// The extensions that checks of ours process, and which may therefore be critical.
private struct ClientExtensions: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.keyUsage, .X509ExtensionID.subjectAlternativeName,
    ]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        for issuer in chain.dropFirst() {
            // RFC 5280 section 4.2.1.3: who signs certificates says so, if it says anything.
            guard (try? issuer.extensions.keyUsage)?.keyCertSign ?? true else {
                return .failsToMeetPolicy(reason: "an issuer that may not sign certificates")
            }
        }
        return .meetsPolicy
    }
}
