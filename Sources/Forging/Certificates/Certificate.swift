import COpenSSL
import Foundation

/// An X.509 certificate in OpenSSL's hands.
final class Certificate {
    let raw: OpaquePointer

    init(pem: String) throws {
        raw = try MemoryBIO.reading(pem, "read a certificate") { bio in
            try made(PEM_read_bio_X509(bio, nil, nil, nil), "read a certificate")
        }
    }

    /// Every certificate of a text, in its order.
    static func all(pem: String) throws -> [Certificate] {
        let end = "-----END CERTIFICATE-----"
        let blocks = pem.components(separatedBy: end).dropLast()
        return try blocks.map { try Certificate(pem: $0 + end + "\n") }
    }

    private init(der: [UInt8]) throws {
        raw = try der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return try made(d2i_X509(nil, &start, buffer.count), "read a certificate")
        }
    }

    /// A certificate as the template has it, signed.
    /// - Parameter issuer: The issuing certificate and its key; nil for self-signed.
    static func issue(
        _ template: CertificateTemplate, key: PrivateKey, issuer: (certificate: Certificate, key: PrivateKey)?
    ) throws -> Certificate {
        let certificate = try Certificate(template, key: key, issuer: issuer)
        guard template.isTampered else { return certificate }
        var der = try certificate.der()
        // The signature is what comes last.
        der[der.count - 1] ^= 1
        return try Certificate(der: der)
    }

    private init(_ template: CertificateTemplate, key: PrivateKey, issuer: (certificate: Certificate, key: PrivateKey)?) throws {
        let act = "make the certificate of \(template.subject.commonName.prefix(64))"
        raw = try made(X509_new(), act)
        // From here on deinit frees it, whatever throws.
        try succeed(X509_set_version(raw, template.version - 1), act)
        try setSerial(template.serial, act)
        try template.subject.withName(act) { try succeed(X509_set_subject_name(raw, $0), act) }
        try succeed(X509_set_issuer_name(raw, X509_get_subject_name(issuer?.certificate.raw ?? raw)), act)
        try ASN1Time.set(template.notBefore, act) { X509_set1_notBefore(raw, $0) }
        try ASN1Time.set(template.notAfter, act) { X509_set1_notAfter(raw, $0) }
        try succeed(X509_set_pubkey(raw, key.raw), act)
        if template.version == 3 {
            for part in try template.extensions() { try add(part) }
            // The issuer of a self-signed one is itself.
            try addIdentifiers(template, issuer: issuer?.certificate ?? self)
        }
        try succeed(X509_sign(raw, issuer?.key.raw ?? key.raw, template.digest == .sha1 ? EVP_sha1() : EVP_sha256()), act)
    }

    deinit { X509_free(raw) }

    func pem() throws -> String {
        try MemoryBIO.text("write a certificate") { PEM_write_bio_X509($0, raw) }
    }

    func der() throws -> [UInt8] {
        try MemoryBIO.bytes("write a certificate") { i2d_X509_bio($0, raw) }
    }

    /// Lower-case hexadecimal of the octets, without the zero that keeps an INTEGER positive.
    var serial: String {
        let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(raw), nil)
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return Hexadecimal.text(bytes)
    }

    /// Empty where the issuer has none.
    var issuerCommonName: String {
        var text = [CChar](repeating: 0, count: 256)
        let length = X509_NAME_get_text_by_NID(X509_get_issuer_name(raw), NID_commonName, &text, Int32(text.count))
        return length < 0 ? "" : String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Base64url of the SHA-256 of the DER (`x5t#S256`, RFC 8705 section 3.1).
    func thumbprint() throws -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        try succeed(X509_digest(raw, EVP_sha256(), &digest, &count), "digest a certificate")
        return TokenForge.base64URL(digest)
    }

    /// The SHA-1 of the public key, which identifies it (RFC 5280 section 4.2.1.2, method 1).
    func keyIdentifier() throws -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        var count: UInt32 = 0
        try succeed(X509_pubkey_digest(raw, EVP_sha1(), &digest, &count), "digest a public key")
        return digest
    }

    private func setSerial(_ serial: CertificateTemplate.SerialNumber, _ act: String) throws {
        var bytes: [UInt8]
        switch serial {
        case .octets(let octets): bytes = octets
        case .random:
            bytes = [UInt8](repeating: 0, count: 16)
            try succeed(RAND_bytes(&bytes, 16), act)
            // 126 bits are random: positive, and never shortened by leading zeros (RFC 5280 section 4.1.2.2).
            bytes[0] = bytes[0] & 0x3F | 0x40
        }
        let number = try made(BN_bin2bn(bytes, Int32(bytes.count), nil), act)
        defer { BN_free(number) }
        _ = try made(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(raw)), act)
    }

    /// Also for an issuer that does not name its own: whoever looks for it goes by its key.
    private func addIdentifiers(_ template: CertificateTemplate, issuer: Certificate) throws {
        func add(_ object: String, _ value: [UInt8]) throws {
            try self.add(CertificateExtension(object: object, critical: template.criticality[object] ?? false, value: value))
        }
        if template.hasSubjectKeyIdentifier { try add(CertificateTemplate.subjectKeyObject, DER.octets(try keyIdentifier())) }
        if template.hasAuthorityKeyIdentifier {
            try add(CertificateTemplate.authorityKeyObject, DER.sequence(DER.tagged(0x80, try issuer.keyIdentifier())))
        }
    }

    private func add(_ part: CertificateExtension) throws {
        try part.withExtension { try succeed(X509_add_ext(raw, $0, -1), "add an extension") }
    }
}

extension CertificateExtension {
    /// The extension in OpenSSL's hands, for the length of the body.
    func withExtension(_ body: (OpaquePointer) throws -> Void) throws {
        guard let name = OBJ_txt2obj(object, 1) else { throw ForgingError.openSSL("make the extension \(object)") }
        defer { ASN1_OBJECT_free(name) }
        let octets = try made(ASN1_OCTET_STRING_new(), "make an extension")
        defer { ASN1_OCTET_STRING_free(octets) }
        try succeed(ASN1_OCTET_STRING_set(octets, value, Int32(value.count)), "make an extension")
        let part = try made(X509_EXTENSION_create_by_OBJ(nil, name, critical ? 1 : 0, octets), "make an extension")
        defer { X509_EXTENSION_free(part) }
        try body(part)
    }
}
