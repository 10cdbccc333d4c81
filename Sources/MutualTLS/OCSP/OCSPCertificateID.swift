import Crypto
import SwiftASN1
package import X509

/// Which certificate a question or an answer is about: `CertID` of RFC 6960 section 4.1.1.
package struct OCSPCertificateID: Sendable, Hashable {
    /// The hash function behind the two hashes.
    let algorithm: ASN1ObjectIdentifier
    package let issuerNameHash: [UInt8]
    package let issuerKeyHash: [UInt8]
    /// Big-endian, without leading zero bytes.
    package let serial: [UInt8]

    /// With SHA-1, which every responder knows. It only names the issuer; nobody has to be kept from finding a second one,
    /// since the answer's signature is checked with the issuer's own key.
    package init(of certificate: Certificate, issuer: Certificate) throws {
        algorithm = Self.sha1
        issuerNameHash = Array(Insecure.SHA1.hash(data: try issuer.subject.derBytes))
        issuerKeyHash = Array(Insecure.SHA1.hash(data: issuer.publicKey.subjectPublicKeyInfoBytes))
        serial = Array(certificate.serialNumber.bytes.drop { $0 == 0 })
    }

    init(derEncoded node: ASN1Node) throws {
        (algorithm, issuerNameHash, issuerKeyHash, serial) = try DER.sequence(node, identifier: .sequence) { fields in
            (
                try DERFields.algorithm(fields.required("hashAlgorithm")),
                Array(try ASN1OctetString(derEncoded: &fields).bytes), Array(try ASN1OctetString(derEncoded: &fields).bytes),
                Array(try ArraySlice<UInt8>(derEncoded: &fields))
            )
        }
    }

    func serialize(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try coder.serialize(algorithm)
                try coder.serialize(ASN1Null())
            }
            try coder.serialize(ASN1OctetString(contentBytes: issuerNameHash[...]))
            try coder.serialize(ASN1OctetString(contentBytes: issuerKeyHash[...]))
            try coder.serialize(serial[...])
        }
    }

    private static let sha1: ASN1ObjectIdentifier = [1, 3, 14, 3, 2, 26]
}
