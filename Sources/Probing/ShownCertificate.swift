import COpenSSL

/// A client certificate with its chain and its key, as OpenSSL shows it.
final class ShownCertificate: Sendable {
    private static let cache = FileCache<ShownCertificate>()

    // Counted by OpenSSL, and never changed once they are read.
    nonisolated(unsafe) private let certificate: OpaquePointer
    nonisolated(unsafe) private let chain: OpaquePointer
    nonisolated(unsafe) private let key: OpaquePointer

    /// Nil when the files do not hold them.
    static func reading(_ identity: ClientIdentity) -> ShownCertificate? {
        cache.value(of: [identity.certificate, identity.key]) {
            defer { ERR_clear_error() }
            guard let certificates = certificates(identity.certificate), let key = key(identity.key) else { return nil }
            return ShownCertificate(certificates, key)
        }
    }

    /// - Parameter certificates: A stack with one at least.
    private init?(_ certificates: OpaquePointer, _ key: OpaquePointer) {
        guard let first = OPENSSL_sk_shift(certificates) else { return nil }
        (certificate, chain, self.key) = (OpaquePointer(first), certificates, key)
    }

    deinit {
        X509_free(certificate)
        Self.free(chain)
        EVP_PKEY_free(key)
    }

    /// - Returns: Whether the context takes it: OpenSSL shows nothing that is weaker than the context's level allows.
    func equip(_ context: OpaquePointer) -> Bool { SSL_CTX_use_cert_and_key(context, certificate, key, chain, 1) == 1 }

    /// All of a PEM file, in its order; nil where it has none, or one that OpenSSL cannot read.
    private static func certificates(_ path: String) -> OpaquePointer? {
        guard let file = BIO_new_file(path, "r") else { return nil }
        defer { BIO_free(file) }
        guard let stack = OPENSSL_sk_new_null() else { return nil }
        while let certificate = PEM_read_bio_X509(file, nil, nil, nil) { OPENSSL_sk_push(stack, UnsafeRawPointer(certificate)) }
        // At the end of a file there is no further beginning.
        guard OPENSSL_sk_num(stack) > 0, ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE else {
            free(stack)
            return nil
        }
        return stack
    }

    private static func key(_ path: String) -> OpaquePointer? {
        guard let file = BIO_new_file(path, "r") else { return nil }
        defer { BIO_free(file) }
        // An encrypted key would make OpenSSL ask on the terminal; the callback says there is no passphrase.
        return PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil)
    }

    private static func free(_ stack: OpaquePointer) {
        OPENSSL_sk_pop_free(stack) { certificate in X509_free(certificate.map { OpaquePointer($0) }) }
    }
}
