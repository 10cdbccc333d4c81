import Foundation
import SwiftASN1
package import X509

/// The certificates whose keys may sign revocation lists: trust anchors, and the intermediates they vouch for.
package struct RevocationAuthorities: Sendable {
    private let certificates: [Certificate]

    /// - Parameter intermediates: Those that no anchor signed, directly or through another one, are left out.
    package init(anchors: [Certificate], intermediates: [Certificate] = []) {
        var known = anchors
        var rest = intermediates.filter { !anchors.contains($0) }
        while let next = rest.firstIndex(where: { candidate in known.contains { $0.issued(candidate) } }) {
            known.append(rest.remove(at: next))
        }
        certificates = known
    }

    /// Reads PEM files of anchors and of intermediates.
    /// - Throws: The parser's error, when a document is not a certificate.
    package init(anchorsPEM: String, intermediatesPEM: String? = nil) throws {
        self.init(
            anchors: try Certificate.all(inPEM: anchorsPEM),
            intermediates: try intermediatesPEM.map { try Certificate.all(inPEM: $0) } ?? [])
    }

    /// Whether one of the authorities signed the list.
    package func vouch(for list: RevocationList) -> Bool {
        certificates.contains { list.isSigned(by: $0) }
    }

    /// The names, in DER, of the authorities that the lists call revoked, and of those below them.
    func revoked(by lists: [[UInt8]: RevocationList]) -> Set<[UInt8]> {
        var revoked: Set<[UInt8]> = []
        for certificate in certificates {
            guard let issuer = try? certificate.issuer.derBytes, let subject = try? certificate.subject.derBytes, issuer != subject
            else { continue }
            let serial = PeerCertificate.hexadecimal(serial: certificate.serialNumber.bytes)
            if revoked.contains(issuer) || lists[issuer]?.contains(serial: serial) == true { revoked.insert(subject) }
        }
        return revoked
    }
}

extension Certificate {
    /// Every certificate of a PEM text, in order.
    package static func all(inPEM text: String) throws -> [Certificate] {
        try PEMDocument.parseMultiple(pemString: text)
            .filter { $0.discriminator == "CERTIFICATE" }
            .map { try Certificate(pemDocument: $0) }
    }

    fileprivate func issued(_ other: Certificate) -> Bool {
        guard case .isCertificateAuthority? = try? extensions.basicConstraints, subject == other.issuer else { return false }
        return publicKey.isValidSignature(other.signature, for: other)
    }
}
