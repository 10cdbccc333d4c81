import Crypto

import struct Foundation.Data

/// A public key as it is published (RFC 7517), with everything a verifier needs to pin it: `kid`, `alg` and `use`.
package struct JSONWebKey: Sendable, Hashable, Codable {
    package let kty: String
    /// The key's RFC 7638 thumbprint, so that equal keys have equal names wherever they are made.
    package let kid: String
    package let alg: SigningAlgorithm
    package let use: String
    // P-256 (RFC 7518 section 6.2.1): coordinates of 32 bytes each, leading zeros kept.
    package let crv: String?
    package let x: String?
    package let y: String?
    // RSA (RFC 7518 section 6.3.1): without leading zeros.
    package let n: String?
    package let e: String?

    /// - Parameter point: The uncompressed point, 0x04 ‖ x ‖ y.
    init(p256 point: [UInt8]) {
        let x = Base64URL.encode(point.dropFirst().prefix(32))
        let y = Base64URL.encode(point.dropFirst(33))
        (kty, alg, use) = ("EC", .es256, "sig")
        (crv, self.x, self.y, n, e) = ("P-256", x, y, nil, nil)
        kid = Self.thumbprint(ofP256: x, y)
    }

    init(modulus: some Sequence<UInt8>, exponent: some Sequence<UInt8>) {
        let n = Base64URL.encode(modulus.drop { $0 == 0 })
        let e = Base64URL.encode(exponent.drop { $0 == 0 })
        (kty, alg, use) = ("RSA", .rs256, "sig")
        (crv, x, y, self.n, self.e) = (nil, nil, nil, n, e)
        kid = Self.thumbprint(ofRSA: n, e)
    }

    /// The RFC 7638 thumbprint, whatever the key's `kid` is; nil for a key without the members of its type.
    package var thumbprint: String? {
        if let x, let y { Self.thumbprint(ofP256: x, y) } else if let n, let e { Self.thumbprint(ofRSA: n, e) } else { nil }
    }

    /// The same of a key as somebody sent it, which may lack what a published key has.
    package static func thumbprint(of members: [String: JSONValue]) -> String? {
        switch members["kty"]?.string {
        case "EC":
            guard let x = members["x"]?.string, let y = members["y"]?.string else { return nil }
            return thumbprint(ofP256: x, y)
        case "RSA":
            guard let n = members["n"]?.string, let e = members["e"]?.string else { return nil }
            return thumbprint(ofRSA: n, e)
        default: return nil
        }
    }

    // RFC 7638 section 3: the required members only, in lexicographic order, without blanks.

    private static func thumbprint(ofP256 x: String, _ y: String) -> String {
        thumbprint(of: #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#)
    }

    private static func thumbprint(ofRSA n: String, _ e: String) -> String {
        thumbprint(of: #"{"e":"\#(e)","kty":"RSA","n":"\#(n)"}"#)
    }

    private static func thumbprint(of canonical: String) -> String {
        Base64URL.encode(SHA256.hash(data: Data(canonical.utf8)))
    }
}

/// The document at an issuer's `jwks_uri` (RFC 7517 section 5).
package struct JSONWebKeySet: Sendable, Hashable, Codable {
    package var keys: [JSONWebKey]

    package init(keys: [JSONWebKey]) {
        self.keys = keys
    }
}
