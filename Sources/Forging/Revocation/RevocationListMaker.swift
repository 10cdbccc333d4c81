import COpenSSL

/// What is to stand in a revocation list (RFC 5280 section 5).
struct RevocationListTemplate {
    struct Entry {
        /// The serial number's octets, big-endian.
        var serial: [UInt8]
        /// Seconds since 1970.
        var at: Int
    }

    /// Nil for a list without one.
    var number: Int?
    /// Whole seconds since 1970.
    var thisUpdate: Int
    /// Nil for a list that never says when the next one is due.
    var nextUpdate: Int?
    var revoked: [Entry] = []
    var isNumberCritical = false
    /// Beside the authority's key identifier and the number.
    var others: [CertificateExtension] = []
    /// Of each entry.
    var entryExtensions: [CertificateExtension] = []
    /// One bit of the signature is the other way round.
    var isTampered = false
}

/// Makes certificate revocation lists.
enum RevocationListMaker {
    /// - Parameters:
    ///   - issuer: Whose name stands in it, and whose key signs it.
    ///   - key: Signs in the issuer's place.
    static func list(
        _ template: RevocationListTemplate, issuer: (certificate: Certificate, key: PrivateKey), signedBy key: PrivateKey? = nil
    ) throws -> RevocationList {
        let act = "make a revocation list"
        let list = RevocationList(taking: try made(X509_CRL_new(), act))
        // Version 2 is written as 1.
        try succeed(X509_CRL_set_version(list.raw, 1), act)
        try succeed(X509_CRL_set_issuer_name(list.raw, X509_get_subject_name(issuer.certificate.raw)), act)
        try ASN1Time.set(template.thisUpdate, act) { X509_CRL_set1_lastUpdate(list.raw, $0) }
        if let next = template.nextUpdate { try ASN1Time.set(next, act) { X509_CRL_set1_nextUpdate(list.raw, $0) } }
        for entry in template.revoked { try add(entry, template.entryExtensions, to: list, act) }
        for part in try extensions(template, issuer: issuer.certificate) {
            try part.withExtension { try succeed(X509_CRL_add_ext(list.raw, $0, -1), act) }
        }
        try succeed(X509_CRL_sort(list.raw), act)
        try succeed(X509_CRL_sign(list.raw, (key ?? issuer.key).raw, EVP_sha256()), act)
        guard template.isTampered else { return list }
        var der = try list.der()
        // The signature is what comes last.
        der[der.count - 1] ^= 1
        return try RevocationList(der: der)
    }

    private static func add(
        _ entry: RevocationListTemplate.Entry, _ extensions: [CertificateExtension], to list: RevocationList, _ act: String
    ) throws {
        let revoked = try made(X509_REVOKED_new(), act)
        do {
            let serial = try made(ASN1_INTEGER_new(), act)
            defer { ASN1_INTEGER_free(serial) }
            let octets = entry.serial.drop { $0 == 0 }
            try succeed(ASN1_STRING_set(serial, octets.isEmpty ? [0] : Array(octets), Int32(max(1, octets.count))), act)
            try succeed(X509_REVOKED_set_serialNumber(revoked, serial), act)
            try ASN1Time.set(entry.at, act) { X509_REVOKED_set_revocationDate(revoked, $0) }
            for part in extensions { try part.withExtension { try succeed(X509_REVOKED_add_ext(revoked, $0, -1), act) } }
            try succeed(X509_CRL_add0_revoked(list.raw, revoked), act)
        } catch {
            // The list owns it only once it has been added.
            X509_REVOKED_free(revoked)
            throw error
        }
    }

    /// The identifier and the number are required of a conforming authority (RFC 5280 sections 5.2.1 and 5.2.3).
    private static func extensions(_ template: RevocationListTemplate, issuer: Certificate) throws -> [CertificateExtension] {
        let identifier = DER.sequence(DER.tagged(0x80, try issuer.keyIdentifier()))
        let number = template.number.map {
            CertificateExtension(object: "2.5.29.20", critical: template.isNumberCritical, value: DER.integer($0))
        }
        return [CertificateExtension(object: "2.5.29.35", value: identifier)] + [number].compactMap(\.self) + template.others
    }
}
