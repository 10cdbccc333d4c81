import Crypto
package import Foundation
import SwiftASN1
package import X509

/// What a client's certificate says, in the form that checks, audit records and bindings need.
///
/// A class, though nothing in it changes: it is handed from check to check on every request, and has many members.
package final class PeerCertificate: Sendable, Hashable {
    /// The serial number in lowercase hexadecimal, without leading zero bytes.
    package let serial: String
    /// SHA-256 of the DER form in base64url without padding: `x5t#S256` of RFC 8705 section 3.1.
    package let thumbprint: String
    package let notBefore: Date
    package let notAfter: Date
    /// 3 for X.509 v3; 1 for a certificate without extensions.
    package let version: Int
    /// The names of the subject alternative name extension (RFC 5280 section 4.2.1.6), as they stand there.
    package let uris: [String]
    package let dnsNames: [String]
    package let emailAddresses: [String]
    package let addresses: [IPAddress]
    package let hasAlternativeNames: Bool
    /// Every common name of the subject; nil stands for one in an encoding that is not text as RFC 5280 section 4.1.2.4 wants it.
    package let commonNames: [String?]
    /// The issuer's name in the form of RFC 4514.
    package let issuer: String
    /// The issuer's name in DER, which is what finds its revocation list.
    package let issuerBytes: [UInt8]
    /// Whether the certificate may sign, and whether it may identify a TLS client; nil where the extension is absent.
    package let maySign: Bool?
    package let mayBeClient: Bool?
    package let isAuthority: Bool
    /// What RFC 5280's profile of certificates has against it; nil: nothing.
    package let objection: String?
    /// What is too weak about its key or about the signature over it; nil: nothing.
    package let weakness: String?
    /// Where its issuer can be asked about it over HTTP (RFC 5280 section 4.2.2.1).
    package let responders: [String]
    package let certificate: Certificate
    /// The certificates with which the TLS layer came from this one to an anchor, neither of the two among them; nil where it was
    /// not asked, or has forgotten.
    package let issuers: [Certificate]?
    /// Whether it names itself as its issuer, as a certificate does that nobody else vouches for (RFC 5280 section 3.2).
    package let isSelfIssued: Bool

    /// Reads a certificate in DER.
    /// - Throws: The parser's error, when the bytes are no certificate or one of its extensions does not have its form.
    package convenience init(der: [UInt8], issuers: [Certificate]? = nil) throws {
        try self.init(Certificate(derEncoded: der), der: der, issuers)
    }

    /// SHA-256 of a DER form in base64url without padding.
    package static func thumbprint(of der: [UInt8]) -> String { base64URL(SHA256.hash(data: der)) }

    private init(_ certificate: Certificate, der: [UInt8], _ issuers: [Certificate]?) throws {
        serial = Self.hexadecimal(serial: certificate.serialNumber.bytes)
        thumbprint = Self.thumbprint(of: der)
        self.issuers = issuers
        (notBefore, notAfter) = (certificate.notValidBefore, certificate.notValidAfter)
        version = certificate.version == .v3 ? 3 : 1
        let names = try certificate.extensions.subjectAlternativeNames
        hasAlternativeNames = names != nil
        uris = (names ?? .init([])).compactMap { if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil } }
        dnsNames = (names ?? .init([])).compactMap { if case .dnsName(let name) = $0 { name } else { nil } }
        emailAddresses = (names ?? .init([])).compactMap { if case .rfc822Name(let address) = $0 { address } else { nil } }
        addresses = (names ?? .init([])).compactMap {
            if case .ipAddress(let octets) = $0 { IPAddress(octets: Array(octets.bytes)) } else { nil }
        }
        commonNames = certificate.subject.flatMap { $0 }
            .filter { $0.type == .RDNAttributeType.commonName }
            .map { Self.text($0.value) }
        issuer = certificate.issuer.description
        issuerBytes = try certificate.issuer.derBytes
        isSelfIssued = try certificate.subject.derBytes == issuerBytes
        maySign = try certificate.extensions.keyUsage?.digitalSignature
        mayBeClient = try certificate.extensions.extendedKeyUsage?.contains(.clientAuth)
        if case .isCertificateAuthority? = try certificate.extensions.basicConstraints {
            isAuthority = true
        } else {
            isAuthority = false
        }
        objection = CertificateProfile.objection(to: certificate, as: .client)
        weakness = SignatureRules.weakness(of: certificate)
        responders = (try certificate.extensions.authorityInformationAccess ?? .init()).compactMap {
            guard $0.method == .ocspServer, case .uniformResourceIdentifier(let uri) = $0.location else { return nil }
            return uri
        }
        self.certificate = certificate
    }

    /// Equal certificates have equal thumbprints, and no others do.
    package static func == (one: PeerCertificate, other: PeerCertificate) -> Bool { one.thumbprint == other.thumbprint }

    package func hash(into hasher: inout Hasher) { hasher.combine(thumbprint) }

    /// Nil for anything but the two encodings that RFC 5280 section 4.1.2.4 leaves: others have been read as other characters.
    private static func text(_ value: RelativeDistinguishedName.Attribute.Value) -> String? {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(ASN1Any(value))) != nil, let tag = serializer.serializedBytes.first,
            [0x0C, 0x13].contains(tag)  // UTF8String, PrintableString
        else { return nil }
        return String(value)
    }

    /// The form in which serial numbers are compared: lowercase, without the zero byte that keeps an INTEGER positive.
    static func hexadecimal(serial bytes: some Sequence<UInt8>) -> String {
        let significant = Array(bytes.drop { $0 == 0 })
        guard !significant.isEmpty else { return "00" }
        // In one go: a revocation list has a hundred thousand of them.
        return String(unsafeUninitializedCapacity: significant.count * 2) { text in
            for (index, byte) in significant.enumerated() {
                for (offset, half) in [byte >> 4, byte & 15].enumerated() {
                    text[index * 2 + offset] = half < 10 ? 0x30 + half : 0x57 + half
                }
            }
            return significant.count * 2
        }
    }

    private static func base64URL(_ digest: SHA256.Digest) -> String {
        Data(digest).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension DistinguishedName {
    /// The name in DER, for exact comparison.
    package var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
