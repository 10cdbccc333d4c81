import COpenSSL

extension OCSPResponder {
    /// What OpenSSL says of an answer that a responder's certificate has signed about one of its issuer's certificates.
    static func judge(_ entry: PKIEntry, leaf: Certificate, trusted: [Certificate], of pki: PKI, at time: Int) throws -> OpenSSLVerdict {
        let act = "verify an OCSP answer"
        // It answers for the authority that issues later certificates, whoever has issued it itself.
        let authority = try pki.authority(pki.signer).certificate
        let key = try pki.authority(entry.name).key
        let content = try made(OCSP_BASICRESP_new(), act)
        defer { OCSP_BASICRESP_free(content) }
        let subject = try made(OCSP_cert_to_id(nil, leaf.raw, authority.raw), act)
        defer { OCSP_CERTID_free(subject) }
        let now = try made(ASN1_TIME_set(nil, time), act)
        defer { ASN1_TIME_free(now) }
        _ = try made(OCSP_basic_add1_status(content, subject, V_OCSP_CERTSTATUS_GOOD, 0, nil, now, nil), act)
        try succeed(OCSP_basic_sign(content, leaf.raw, key.raw, EVP_sha256(), nil, 0), act)
        let store = try made(X509_STORE_new(), act)
        defer { X509_STORE_free(store) }
        for anchor in trusted { try succeed(X509_STORE_add_cert(store, anchor.raw), act) }
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), time)
        let chain = try Certificate.all(pem: try pki.chain(from: pki.signer))
        let stack = try made(OPENSSL_sk_new_null(), act)
        defer { OPENSSL_sk_free(stack) }
        for certificate in chain { try succeed(OPENSSL_sk_push(stack, UnsafeRawPointer(certificate.raw)), act) }
        ERR_clear_error()
        defer { ERR_clear_error() }
        if withExtendedLifetime(chain, { OCSP_basic_verify(content, stack, store, 0) }) > 0 { return OpenSSLVerdict(faults: []) }
        let code = ERR_peek_error()
        let words = ERR_reason_error_string(code).map { String(cString: $0) } ?? "not verified"
        return OpenSSLVerdict(faults: [.init(code: Int(code & 0x7FFFFF), words: words, depth: 0)])
    }
}
