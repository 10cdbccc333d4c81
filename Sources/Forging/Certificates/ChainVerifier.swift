import COpenSSL

/// What OpenSSL's own verifier says of a chain.
package struct OpenSSLVerdict: Sendable, Codable, Hashable {
    package struct Fault: Sendable, Codable, Hashable {
        /// OpenSSL's number (`X509_V_ERR_…`).
        package var code: Int
        /// OpenSSL's words for it.
        package var words: String
        /// The certificate's place in the chain, the leaf's being 0.
        package var depth: Int
    }

    package var accepted: Bool { faults.isEmpty }
    /// Everything it finds, in its order.
    package var faults: [Fault]
}

/// OpenSSL's verifier, as strict as it can be made, going on after a fault to find the others.
enum ChainVerifier {
    struct Rules {
        enum Purpose { case client, server, any }

        var purpose: Purpose
        /// The host, or address, that the leaf has to name.
        var host: String?
        /// The e-mail address that the leaf has to name.
        var email: String?
        /// Seconds since 1970.
        var time: Int
        /// Certificates the chain must not be longer than, without leaf and trust anchor; nil for OpenSSL's bound.
        var depth: Int?
        /// As TLS sets it: 2 refuses RSA below 2048 bits, and SHA-1.
        var securityLevel: Int32 = 2
        /// Judge revocation of every certificate but the trust anchor.
        var checksRevocation = false
        var isStrict = true
    }

    private final class Found {
        var faults: [OpenSSLVerdict.Fault] = []
    }

    /// - Parameters:
    ///   - chain: What the peer sends with the leaf, in any order.
    ///   - lists: Revocation lists.
    static func judge(
        _ leaf: Certificate, chain: [Certificate], trusted: [Certificate], lists: [RevocationList] = [], rules: Rules
    ) throws -> OpenSSLVerdict {
        let act = "verify a chain"
        let store = try made(X509_STORE_new(), act)
        defer { X509_STORE_free(store) }
        for anchor in trusted { try succeed(X509_STORE_add_cert(store, anchor.raw), act) }
        // What extensions a list has OpenSSL learns only by reading it.
        for list in try lists.map({ try RevocationList(der: try $0.der()) }) { try succeed(X509_STORE_add_crl(store, list.raw), act) }
        let stack = try made(OPENSSL_sk_new_null(), act)
        defer { OPENSSL_sk_free(stack) }
        for certificate in chain { try succeed(OPENSSL_sk_push(stack, UnsafeRawPointer(certificate.raw)), act) }
        let context = try made(X509_STORE_CTX_new(), act)
        defer { X509_STORE_CTX_free(context) }
        try succeed(X509_STORE_CTX_init(context, store, leaf.raw, stack), act)
        try apply(rules, to: context, act)
        let found = Found()
        try succeed(X509_STORE_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(found).toOpaque()), act)
        X509_STORE_CTX_set_verify_cb(context) { isRight, context in
            guard isRight == 0, let data = X509_STORE_CTX_get_ex_data(context, 0) else { return isRight }
            let code = X509_STORE_CTX_get_error(context)
            let words = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "\(code)"
            let fault = OpenSSLVerdict.Fault(code: Int(code), words: words, depth: Int(X509_STORE_CTX_get_error_depth(context)))
            Unmanaged<Found>.fromOpaque(data).takeUnretainedValue().faults.append(fault)
            return 1
        }
        // Below zero it could not even begin, which is no verdict; zero without a fault is one that cannot be gone on after.
        let result = withExtendedLifetime(found) { X509_verify_cert(context) }
        if result < 0, found.faults.isEmpty { throw ForgingError.openSSL(act) }
        ERR_clear_error()
        if result <= 0, found.faults.isEmpty {
            found.faults.append(.init(code: Int(X509_STORE_CTX_get_error(context)), words: "not verified", depth: 0))
        }
        return OpenSSLVerdict(faults: found.faults)
    }

    private static func apply(_ rules: Rules, to context: OpaquePointer, _ act: String) throws {
        switch rules.purpose {
        case .client: try succeed(X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT), act)
        case .server: try succeed(X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER), act)
        case .any: break
        }
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, rules.time)
        X509_VERIFY_PARAM_set_auth_level(parameters, rules.securityLevel)
        if let depth = rules.depth { X509_VERIFY_PARAM_set_depth(parameters, Int32(depth)) }
        var flags = rules.isStrict ? X509_V_FLAG_X509_STRICT : 0
        if rules.checksRevocation { flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL }
        try succeed(X509_VERIFY_PARAM_set_flags(parameters, UInt(flags)), act)
        if let email = rules.email { try succeed(X509_VERIFY_PARAM_set1_email(parameters, email, 0), act) }
        if let host = rules.host {
            if GeneralName.octets(ofAddress: host) != nil || host.contains(":") {
                try succeed(X509_VERIFY_PARAM_set1_ip_asc(parameters, host), act)
            } else {
                try succeed(X509_VERIFY_PARAM_set1_host(parameters, host, 0), act)
            }
        }
    }
}
