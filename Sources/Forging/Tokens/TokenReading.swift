import COpenSSL
import Foundation

/// A token in compact form (RFC 7515 section 7.1) that somebody else made, taken apart without a word being believed.
package struct TokenReading: Sendable {
    /// The texts of header and claims, each a JSON object.
    package let header: [UInt8]
    package let claims: [UInt8]
    private let input: String
    private let signature: [UInt8]

    /// - Returns: Nil for what is no such token.
    package init?(_ token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let head = try? TokenForge.decoded(parts[0]), let body = try? TokenForge.decoded(parts[1]),
            let signature = try? TokenForge.decoded(parts[2]), Self.isObject(head), Self.isObject(body)
        else { return nil }
        (header, claims, input, self.signature) = (head, body, "\(parts[0]).\(parts[1])", signature)
    }

    /// Whether a shared secret made the signature (HS256, RFC 7518 section 3.2).
    package func isSigned(withSecret secret: String) -> Bool { TokenForge.hmac(input, secret: secret) == signature }

    /// Whether the owner of a published key made the signature.
    ///
    /// - Parameter key: The members of a JWK (RFC 7517) that are text.
    /// - Returns: Nil where the bed cannot say: it knows P-256, Ed25519 and RSA with PKCS #1 and SHA-256.
    package func isSigned(by key: [String: String], algorithm: String) -> Bool? {
        func number(_ name: String) -> [UInt8] { key[name].flatMap { try? TokenForge.decoded($0) } ?? [] }
        switch (algorithm, key["kty"], key["crv"]) {
        case ("ES256", "EC", "P-256"):
            let info: [UInt8] = [
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
                0x03,
                0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
            ]
            guard signature.count == 64 else { return false }
            let integers = [signature.prefix(32), signature.suffix(32)].map { Self.integer(Array($0)) }
            return verify(info + number("x") + number("y"), DER.sequence(integers[0], integers[1]), EVP_sha256())
        case ("EdDSA", "OKP", "Ed25519"):
            let info: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
            return verify(info + number("x"), signature, nil)
        case ("RS256", "RSA", _):
            let algorithm: [UInt8] = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00]
            let numbers = DER.sequence(Self.integer(number("n")), Self.integer(number("e")))
            return verify(DER.sequence(algorithm, DER.tagged(0x03, [0] + numbers)), signature, EVP_sha256())
        default: return nil
        }
    }

    /// - Parameter info: A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    private func verify(_ info: [UInt8], _ signature: [UInt8], _ digest: OpaquePointer?) -> Bool {
        defer { ERR_clear_error() }
        let key = info.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
        guard let key, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_PKEY_free(key)
            EVP_MD_CTX_free(context)
        }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        let bytes = Array(input.utf8)
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    private static func integer(_ octets: [UInt8]) -> [UInt8] {
        let significant = Array(octets.drop { $0 == 0 })
        guard let first = significant.first else { return [0x02, 0x01, 0x00] }
        return DER.tagged(0x02, first > 127 ? [0] + significant : significant)
    }

    private static func isObject(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
    }
}
