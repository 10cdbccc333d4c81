import COpenSSL

/// An X.509 certificate in OpenSSL's hands.
final class Certificate {
    let raw: OpaquePointer

    init(pem: String) throws {
        raw = try MemoryBIO.reading(pem, "read a certificate") { bio in
            try made(PEM_read_bio_X509(bio, nil, nil, nil), "read a certificate")
        }
    }

    /// - Parameter issuer: The issuing certificate and its key; nil for self-signed.
    init(_ template: CertificateTemplate, key: PrivateKey, issuer: (certificate: Certificate, key: PrivateKey)?) throws {
        let act = "make the certificate of \(template.commonName)"
        raw = try made(X509_new(), act)
        // From here on deinit frees it, whatever throws.
        try succeed(X509_set_version(raw, template.version - 1), act)
        try setSerial(act)
        try setName(template.commonName)
        try succeed(X509_set_issuer_name(raw, X509_get_subject_name(issuer?.certificate.raw ?? raw)), act)
        try ASN1Time.set(template.notBefore, act) { X509_set1_notBefore(raw, $0) }
        try ASN1Time.set(template.notAfter, act) { X509_set1_notAfter(raw, $0) }
        try succeed(X509_set_pubkey(raw, key.raw), act)
        if template.version == 3 { try addExtensions(template, issuer: issuer?.certificate ?? self) }
        try succeed(X509_sign(raw, issuer?.key.raw ?? key.raw, EVP_sha256()), act)
    }

    deinit { X509_free(raw) }

    func pem() throws -> String {
        try MemoryBIO.text("write a certificate") { PEM_write_bio_X509($0, raw) }
    }

    /// Lower-case hexadecimal of the octets, without the zero that keeps an INTEGER positive.
    var serial: String {
        let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(raw), nil)
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Base64url of the SHA-256 of the DER (`x5t#S256`, RFC 8705 section 3.1).
    func thumbprint() throws -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        try succeed(X509_digest(raw, EVP_sha256(), &digest, &count), "digest a certificate")
        return TokenForge.base64URL(digest)
    }

    /// 128 bits, of which 126 are random: positive, and never shortened by leading zeros (RFC 5280 section 4.1.2.2).
    private func setSerial(_ act: String) throws {
        var bytes = [UInt8](repeating: 0, count: 16)
        try succeed(RAND_bytes(&bytes, 16), act)
        bytes[0] = bytes[0] & 0x3F | 0x40
        let number = try made(BN_bin2bn(bytes, 16, nil), act)
        defer { BN_free(number) }
        _ = try made(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(raw)), act)
    }

    private func setName(_ commonName: String) throws {
        let act = "use '\(commonName)' as a common name, which has 1 to 64 characters"
        let bytes = Array(commonName.utf8)
        let name = X509_get_subject_name(raw)
        try succeed(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_FLAG, bytes, Int32(bytes.count), -1, 0), act)
    }

    private func addExtensions(_ template: CertificateTemplate, issuer: Certificate) throws {
        let isAuthority = template.usage == .authority || template.usage == .plainAuthority
        try add(NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE", issuer)
        switch template.usage {
        case .authority: try add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer)
        case .plainAuthority: break
        case .client: try addLeafUsage("clientAuth", issuer)
        case .server: try addLeafUsage("serverAuth", issuer)
        }
        let names = try AlternativeNames.der(dns: template.dns, uris: template.uris, addresses: template.addresses)
        if let names { try add(NID_subject_alt_name, der: names) }
        // The issuer of a self-signed one is itself, so its own identifier comes first.
        try add(NID_subject_key_identifier, "hash", issuer)
        try add(NID_authority_key_identifier, "keyid:always", issuer)
    }

    private func addLeafUsage(_ extended: String, _ issuer: Certificate) throws {
        try add(NID_key_usage, "critical,digitalSignature", issuer)
        try add(NID_ext_key_usage, extended, issuer)
    }

    /// The value in OpenSSL's own notation; never made from what a caller named.
    private func add(_ kind: Int32, _ value: String, _ issuer: Certificate) throws {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.raw, raw, nil, nil, 0)
        let part = try made(X509V3_EXT_conf_nid(nil, &context, kind, value), "make the extension \(value)")
        defer { X509_EXTENSION_free(part) }
        try succeed(X509_add_ext(raw, part, -1), "add the extension \(value)")
    }

    private func add(_ kind: Int32, der: [UInt8]) throws {
        let octets = try made(ASN1_OCTET_STRING_new(), "make an extension")
        defer { ASN1_OCTET_STRING_free(octets) }
        try succeed(ASN1_OCTET_STRING_set(octets, der, Int32(der.count)), "make an extension")
        let part = try made(X509_EXTENSION_create_by_NID(nil, kind, 0, octets), "make an extension")
        defer { X509_EXTENSION_free(part) }
        try succeed(X509_add_ext(raw, part, -1), "add an extension")
    }
}
