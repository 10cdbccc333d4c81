import COpenSSL
import Foundation

/// Makes JSON Web Tokens, right and wrong, without a JWT library: what is wrong here must not be repaired on the way.
package enum TokenForge {
    /// How a key signs (RFC 7518 section 3.1).
    package enum Algorithm: String, Sendable, Hashable, CaseIterable {
        case es256 = "ES256"
        case rs256 = "RS256"
    }

    /// How a token comes by its signature. The header's `alg` is the caller's in every case.
    package enum Signing: Sendable {
        /// By the key given.
        case right
        /// Not at all: the third part is there and empty, as an unsecured JWS has it (RFC 7515 appendix A.5). Goes with `alg` `none`.
        case none
        /// The same text, under an `alg` that promises a signature.
        case empty
        /// By another key, whatever `kid` says.
        case attackerKey(ForgedKey)
        /// HMAC-SHA256 with the public key's PEM as the secret, which a verifier that lets the token choose accepts (RFC 8725 section 2.1).
        case hmacWithPublicKey
        /// The key's right signature of other claims.
        case otherPayload
    }

    /// - Parameter id: The `kid`.
    /// - Throws: `ForgingError`.
    package static func generateKey(algorithm: Algorithm, id: String) throws -> ForgedKey {
        try key(try PrivateKey(generating: algorithm == .es256 ? .p256 : .rsa2048), algorithm: algorithm, id: id)
    }

    static func key(_ key: PrivateKey, algorithm: Algorithm, id: String) throws -> ForgedKey {
        let numbers: [(String, String)] =
            switch algorithm {
            case .es256:
                [
                    ("kty", "EC"), ("crv", "P-256"), ("x", base64URL(try key.number("qx", size: 32))),
                    ("y", base64URL(try key.number("qy", size: 32))),
                ]
            case .rs256: [("kty", "RSA"), ("n", base64URL(try key.number("n"))), ("e", base64URL(try key.number("e")))]
            }
        let members = numbers + [("kid", id), ("alg", algorithm.rawValue), ("use", "sig")]
        return ForgedKey(
            id: id, privatePEM: try key.privatePEM(), publicJWK: JSONText.object(members.map { ($0.0, JSONText.string($0.1)) }),
            publicPEM: try key.publicPEM(), algorithm: algorithm)
    }

    /// A token in compact form (RFC 7515 section 7.1).
    /// - Parameters:
    ///   - header: Names and JSON texts, in this order; names may repeat.
    ///   - claims: The same for the payload.
    /// - Throws: `ForgingError`.
    package static func mint(header: [(String, String)], claims: [(String, String)], key: ForgedKey, signing: Signing) throws -> String {
        let head = base64URL(Array(JSONText.object(header).utf8))
        let payload = base64URL(Array(JSONText.object(claims).utf8))
        let input = "\(head).\(payload)"
        switch signing {
        case .right: return "\(input).\(base64URL(try signature(input, key)))"
        case .none, .empty: return "\(input)."
        case .attackerKey(let attacker): return "\(input).\(base64URL(try signature(input, attacker)))"
        case .hmacWithPublicKey: return "\(input).\(base64URL(hmac(input, secret: key.publicPEM)))"
        case .otherPayload:
            let other = base64URL(Array(JSONText.object([("sub", JSONText.string(randomIdentifier()))]).utf8))
            return "\(input).\(base64URL(try signature("\(head).\(other)", key)))"
        }
    }

    /// 128 random bits in base64url.
    package static func randomIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        return base64URL((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Without padding (RFC 7515 section 2).
    package static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".unicodeScalars)
        var text = String.UnicodeScalarView()
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[bits >> (18 - 6 * place) & 63]) }
        }
        return String(text)
    }

    static func signature(_ input: String, _ key: ForgedKey) throws -> [UInt8] {
        let signer = try PrivateKey.reading(key.privatePEM)
        let signature = try signer.sign(Array(input.utf8))
        return signer.isElliptic ? try concatenated(signature) : signature
    }

    /// JWS wants r and s in 32 octets each (RFC 7518 section 3.4); OpenSSL gives an ASN.1 SEQUENCE.
    private static func concatenated(_ der: [UInt8]) throws -> [UInt8] {
        let act = "read an ECDSA signature"
        let parsed = try der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return try made(d2i_ECDSA_SIG(nil, &start, buffer.count), act)
        }
        defer { ECDSA_SIG_free(parsed) }
        var bytes = [UInt8](repeating: 0, count: 64)
        try bytes.withUnsafeMutableBufferPointer { buffer in
            try succeed(BN_bn2binpad(ECDSA_SIG_get0_r(parsed), buffer.baseAddress, 32), act)
            try succeed(BN_bn2binpad(ECDSA_SIG_get0_s(parsed), buffer.baseAddress.map { $0 + 32 }, 32), act)
        }
        return bytes
    }

    static func hmac(_ input: String, secret: String) -> [UInt8] {
        hmac(input, secret: Array(secret.utf8))
    }

    static func hmac(_ input: String, secret: [UInt8], _ digest: OpaquePointer? = EVP_sha256()) -> [UInt8] {
        let input = Array(input.utf8)
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        HMAC(digest, secret, Int32(secret.count), input, input.count, &code, &count)
        return Array(code.prefix(Int(count)))
    }

    /// The octets of base64url, or of the standard alphabet, without a look at padding.
    static func decoded(_ text: String, standard: Bool = false) throws -> [UInt8] {
        var plain = standard ? text : text.replacing("-", with: "+").replacing("_", with: "/")
        plain += String(repeating: "=", count: (4 - plain.count % 4) % 4)
        guard let data = Data(base64Encoded: plain) else { throw ForgingError("a text is not base64") }
        return [UInt8](data)
    }
}
