import Crypto
import Foundation
import SwiftASN1
package import X509

/// The trust anchors, and the intermediates they vouch for: whose certificates count, and whose lists and answers on them.
package struct TrustedAuthorities: Sendable, Equatable {
    /// The anchors by SHA-256 of their DER form.
    package let anchors: AnchorSet
    let anchorCertificates: [Certificate]
    let intermediates: [Certificate]

    /// - Parameter intermediates: Those that no anchor signed, directly or through another one, are left out.
    package init(anchors: [Certificate], intermediates: [Certificate] = []) {
        anchorCertificates = anchors
        self.anchors = AnchorSet(anchors.compactMap { try? $0.derBytes })
        var known: [Certificate] = []
        var rest = intermediates.filter { !anchors.contains($0) }
        while let next = rest.firstIndex(where: { candidate in (anchors + known).contains { $0.issued(candidate) } }) {
            known.append(rest.remove(at: next))
        }
        self.intermediates = known
    }

    /// Reads PEM files of anchors and of intermediates.
    /// - Throws: The parser's error, when a document is not a certificate.
    package init(anchorsPEM: String, intermediatesPEM: String? = nil) throws {
        self.init(
            anchors: try Certificate.all(inPEM: anchorsPEM),
            intermediates: try intermediatesPEM.map { try Certificate.all(inPEM: $0) } ?? [])
    }

    package static func == (one: TrustedAuthorities, other: TrustedAuthorities) -> Bool { one.certificates == other.certificates }

    private var certificates: [Certificate] { anchorCertificates + intermediates }

    /// Whether one of the authorities signed the list.
    package func vouch(for list: RevocationList) -> Bool { publisher(of: list) != nil }

    /// The authority that signed the list; nil where none that may has.
    func publisher(of list: RevocationList) -> ListPublisher? {
        certificates.first { list.isSigned(by: $0) }.flatMap { try? ListPublisher($0) }
    }

    /// The authority whose key signed a certificate, and whose list therefore judges it; nil where it is not among those known here.
    func publisher(for certificate: Certificate) -> ListPublisher? {
        issuers(of: certificate).first.flatMap { try? ListPublisher($0) }
    }

    /// The authorities whose key signed a certificate; empty where its issuer is not among those known here.
    package func issuers(of certificate: Certificate) -> [Certificate] {
        certificates.filter { $0.issued(certificate) }
    }

    /// The authorities that the lists call revoked, and those below them.
    func revoked(by lists: [ListPublisher: RevocationList]) -> Set<ListPublisher> {
        var revoked: Set<ListPublisher> = []
        for certificate in certificates where certificate.issuer != certificate.subject {
            guard let issuer = publisher(for: certificate), let subject = try? ListPublisher(certificate) else { continue }
            let serial = PeerCertificate.hexadecimal(serial: certificate.serialNumber.bytes)
            if revoked.contains(issuer) || lists[issuer]?.contains(serial: serial) == true { revoked.insert(subject) }
        }
        return revoked
    }
}

/// Trust anchors known by their thumbprints, so that those of a handshake can be compared with those of now.
package final class AnchorSet: Sendable {
    private let thumbprints: Set<[UInt8]>

    /// - Parameter certificates: In DER.
    package init(_ certificates: [[UInt8]]) {
        thumbprints = Set(certificates.map { Array(SHA256.hash(data: $0)) })
    }

    /// Whether every anchor is one of the other's: what leads to one of these leads to one of those.
    package func isSubset(of other: AnchorSet) -> Bool {
        self === other || thumbprints.isSubset(of: other.thumbprints)
    }
}

extension Certificate {
    /// Every certificate of a PEM text, in order.
    package static func all(inPEM text: String) throws -> [Certificate] {
        try PEMDocument.parseMultiple(pemString: text)
            .filter { $0.discriminator == "CERTIFICATE" }
            .map { try Certificate(pemDocument: $0) }
    }

    var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }

    var isAuthority: Bool {
        if case .isCertificateAuthority? = try? extensions.basicConstraints { true } else { false }
    }

    /// Whether this authority's name and key are behind the other certificate.
    func issued(_ other: Certificate) -> Bool {
        guard isAuthority, subject == other.issuer else { return false }
        return publicKey.isValidSignature(other.signature, for: other)
    }
}
