import COpenSSL

/// The authorities of a PEM file, as OpenSSL verifies by them.
final class TrustedAuthorities: Sendable {
    private static let cache = FileCache<TrustedAuthorities>()

    // OpenSSL locks it where connections look something up in it at the same time.
    nonisolated(unsafe) private let store: OpaquePointer

    /// Nil when the file holds no certificate.
    static func reading(_ path: String) -> TrustedAuthorities? { cache.value(of: [path]) { TrustedAuthorities(path) } }

    private init?(_ path: String) {
        guard let store = X509_STORE_new() else { return nil }
        self.store = store
        // As libcurl has it: an authority that is trusted ends the chain, whoever has issued it.
        let flags = X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN
        guard X509_STORE_set_flags(store, UInt(flags)) == 1, X509_STORE_load_file(store, path) == 1 else {
            ERR_clear_error()
            return nil
        }
    }

    deinit { X509_STORE_free(store) }

    /// Has the connections of a context trust them, and nobody else.
    func equip(_ context: OpaquePointer) { SSL_CTX_set1_cert_store(context, store) }
}
