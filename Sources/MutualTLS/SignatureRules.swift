import Crypto
import SwiftASN1
import X509

/// Which signatures and keys count: nothing weaker than SHA-256 and 2048 bits of RSA (RFC 9325 section 4.5).
package enum SignatureRules {
    /// Signature algorithms by their identifiers; SHA-1 and MD5 are not among them.
    static let algorithms: [ASN1ObjectIdentifier: Certificate.SignatureAlgorithm] = [
        [1, 2, 840, 10045, 4, 3, 2]: .ecdsaWithSHA256,
        [1, 2, 840, 10045, 4, 3, 3]: .ecdsaWithSHA384,
        [1, 2, 840, 10045, 4, 3, 4]: .ecdsaWithSHA512,
        [1, 2, 840, 113549, 1, 1, 11]: .sha256WithRSAEncryption,
        [1, 2, 840, 113549, 1, 1, 12]: .sha384WithRSAEncryption,
        [1, 2, 840, 113549, 1, 1, 13]: .sha512WithRSAEncryption,
        [1, 3, 101, 112]: .ed25519,
    ]

    /// Fewer bits of an RSA modulus are too few.
    static let leastModulus = 2048

    /// What is too weak about a certificate's key or about the signature over it; nil: nothing.
    ///
    /// - Parameter isAnchor: Nobody relies on the signature of a certificate that is trusted by itself.
    static func weakness(of certificate: Certificate, isAnchor: Bool = false) -> String? {
        if let bits = modulus(of: certificate.publicKey), bits < leastModulus { return "an RSA key of \(bits) bits" }
        guard isAnchor || algorithms.values.contains(certificate.signatureAlgorithm) else {
            return "signed with \(certificate.signatureAlgorithm)"
        }
        return nil
    }

    /// The length of an RSA key in bits; nil for a key of another kind.
    private static func modulus(of key: Certificate.PublicKey) -> Int? {
        guard P256.Signing.PublicKey(key) == nil, P384.Signing.PublicKey(key) == nil, P521.Signing.PublicKey(key) == nil,
            Curve25519.Signing.PublicKey(key) == nil
        else { return nil }
        // RSAPublicKey (RFC 8017 appendix A.1.1): what cannot be read has no bits.
        guard let node = try? DER.parse(key.subjectPublicKeyInfoBytes),
            let bytes = try? DER.sequence(
                node, identifier: .sequence,
                { fields in
                    let modulus = try ArraySlice<UInt8>(derEncoded: &fields)
                    _ = try ArraySlice<UInt8>(derEncoded: &fields)
                    return modulus.drop { $0 == 0 }
                })
        else { return 0 }
        return bytes.first.map { bytes.count * 8 - $0.leadingZeroBitCount } ?? 0
    }
}
