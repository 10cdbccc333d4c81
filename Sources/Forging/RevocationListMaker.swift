import COpenSSL

/// Makes certificate revocation lists (RFC 5280 section 5).
enum RevocationListMaker {
    /// - Parameters:
    ///   - revoked: Serial numbers in hexadecimal, and seconds since 1970.
    ///   - thisUpdate: Whole seconds since 1970, as is `nextUpdate`.
    /// - Returns: PEM.
    static func pem(
        issuer: (certificate: Certificate, key: PrivateKey), number: Int, revoked: [(serial: String, at: Int)], thisUpdate: Int,
        nextUpdate: Int
    ) throws -> String {
        let act = "make a revocation list"
        let list = try made(X509_CRL_new(), act)
        defer { X509_CRL_free(list) }
        // Version 2 is written as 1.
        try succeed(X509_CRL_set_version(list, 1), act)
        try succeed(X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.certificate.raw)), act)
        try ASN1Time.set(thisUpdate, act) { X509_CRL_set1_lastUpdate(list, $0) }
        try ASN1Time.set(nextUpdate, act) { X509_CRL_set1_nextUpdate(list, $0) }
        for entry in revoked { try add(entry, to: list, act) }
        try addExtensions(to: list, issuer: issuer.certificate, number: number, act)
        try succeed(X509_CRL_sort(list), act)
        try succeed(X509_CRL_sign(list, issuer.key.raw, EVP_sha256()), act)
        return try MemoryBIO.text(act) { PEM_write_bio_X509_CRL($0, list) }
    }

    private static func add(_ entry: (serial: String, at: Int), to list: OpaquePointer, _ act: String) throws {
        let revoked = try made(X509_REVOKED_new(), act)
        do {
            var number: OpaquePointer?
            defer { BN_free(number) }
            try succeed(BN_hex2bn(&number, entry.serial), act)
            let serial = try made(BN_to_ASN1_INTEGER(number, nil), act)
            defer { ASN1_INTEGER_free(serial) }
            try succeed(X509_REVOKED_set_serialNumber(revoked, serial), act)
            try ASN1Time.set(entry.at, act) { X509_REVOKED_set_revocationDate(revoked, $0) }
            try succeed(X509_CRL_add0_revoked(list, revoked), act)
        } catch {
            // The list owns it only once it has been added.
            X509_REVOKED_free(revoked)
            throw error
        }
    }

    /// Both are required of a conforming authority (RFC 5280 sections 5.2.1 and 5.2.3).
    private static func addExtensions(to list: OpaquePointer, issuer: Certificate, number: Int, _ act: String) throws {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.raw, nil, nil, list, 0)
        let identifier = try made(X509V3_EXT_conf_nid(nil, &context, NID_authority_key_identifier, "keyid:always"), act)
        defer { X509_EXTENSION_free(identifier) }
        try succeed(X509_CRL_add_ext(list, identifier, -1), act)
        let value = try made(ASN1_INTEGER_new(), act)
        defer { ASN1_INTEGER_free(value) }
        try succeed(ASN1_INTEGER_set_int64(value, Int64(number)), act)
        try succeed(X509_CRL_add1_ext_i2d(list, NID_crl_number, value, 0, 0), act)
    }
}
