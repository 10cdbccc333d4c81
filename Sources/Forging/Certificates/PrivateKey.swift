import COpenSSL
import Synchronization

/// A key pair in OpenSSL's hands.
final class PrivateKey: Sendable {
    enum Kind: String, CaseIterable {
        case p256
        case p384
        case rsa1024 = "rsa-1024"
        case rsa2048 = "rsa-2048"
        case rsa4096 = "rsa-4096"
    }

    // Never changed once it is made, which is all that OpenSSL asks for to let several threads use it.
    nonisolated(unsafe) let raw: OpaquePointer

    private static let known = Mutex<[String: PrivateKey]>([:])

    /// As `init(pem:)`, without reading the same text twice: OpenSSL takes longer to read a key than to sign with it.
    static func reading(_ pem: String) throws -> PrivateKey {
        if let key = known.withLock({ $0[pem] }) { return key }
        let key = try PrivateKey(pem: pem)
        known.withLock { known in
            // Those of a long run are many, and each is used for a while only.
            if known.count >= 256 { known = [:] }
            known[pem] = key
        }
        return key
    }

    init(generating kind: Kind) throws {
        let act = "generate a \(kind.rawValue) key"
        let context = try made(EVP_PKEY_CTX_new_from_name(nil, kind == .p256 || kind == .p384 ? "EC" : "RSA", nil), act)
        defer { EVP_PKEY_CTX_free(context) }
        try succeed(EVP_PKEY_keygen_init(context), act)
        switch kind {
        case .p256: try succeed(EVP_PKEY_CTX_set_group_name(context, "P-256"), act)
        case .p384: try succeed(EVP_PKEY_CTX_set_group_name(context, "P-384"), act)
        case .rsa1024: try succeed(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 1024), act)
        case .rsa2048: try succeed(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048), act)
        case .rsa4096: try succeed(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 4096), act)
        }
        var key: OpaquePointer?
        try succeed(EVP_PKEY_generate(context, &key), act)
        raw = try made(key, act)
    }

    init(pem: String) throws {
        // An encrypted key would make OpenSSL ask on the terminal; the callback says there is no passphrase.
        raw = try MemoryBIO.reading(pem, "read a private key") { bio in
            try made(PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil), "read a private key")
        }
    }

    deinit { EVP_PKEY_free(raw) }

    func privatePEM() throws -> String {
        try MemoryBIO.text("write a private key") { PEM_write_bio_PrivateKey($0, raw, nil, nil, 0, nil, nil) }
    }

    func publicPEM() throws -> String {
        try MemoryBIO.text("write a public key") { PEM_write_bio_PUBKEY($0, raw) }
    }

    var isElliptic: Bool { EVP_PKEY_get_base_id(raw) == EVP_PKEY_EC }

    /// One number of the public key, big-endian: `qx` and `qy`, or `n` and `e`.
    /// - Parameter size: Octets, padded in front; nil for as few as hold it.
    func number(_ name: String, size: Int? = nil) throws -> [UInt8] {
        var number: OpaquePointer?
        try succeed(EVP_PKEY_get_bn_param(raw, name, &number), "read a public key")
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: size ?? Int(BN_num_bits(number) + 7) / 8)
        try succeed(BN_bn2binpad(number, &bytes, Int32(bytes.count)), "read a public key")
        return bytes
    }

    /// ECDSA (DER), RSASSA-PKCS1-v1_5, or RSASSA-PSS with a salt as long as the digest.
    func sign(_ bytes: [UInt8], digest: OpaquePointer? = EVP_sha256(), isPSS: Bool = false) throws -> [UInt8] {
        let context = try made(EVP_MD_CTX_new(), "sign")
        defer { EVP_MD_CTX_free(context) }
        var settings: OpaquePointer?
        try succeed(EVP_DigestSignInit(context, &settings, digest, nil, raw), "sign")
        if isPSS {
            try succeed(EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING), "sign")
            try succeed(EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST), "sign")
        }
        var count = 0
        try succeed(EVP_DigestSign(context, nil, &count, bytes, bytes.count), "sign")
        var signature = [UInt8](repeating: 0, count: count)
        try succeed(EVP_DigestSign(context, &signature, &count, bytes, bytes.count), "sign")
        return Array(signature.prefix(count))
    }

    /// The raw RSA operation (RFC 8017 section 5.2.1) on a message as long as the modulus, whatever it says.
    func raise(_ message: [UInt8]) throws -> [UInt8] {
        let act = "sign without padding"
        let context = try made(EVP_PKEY_CTX_new(raw, nil), act)
        defer { EVP_PKEY_CTX_free(context) }
        try succeed(EVP_PKEY_sign_init(context), act)
        try succeed(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), act)
        var count = message.count
        var signature = [UInt8](repeating: 0, count: count)
        try succeed(EVP_PKEY_sign(context, &signature, &count, message, message.count), act)
        return Array(signature.prefix(count))
    }
}
