import COpenSSL

/// Makes one signed OCSP answer (RFC 6960 section 4.2).
struct OCSPAnswer {
    typealias Signer = (certificate: Certificate, key: PrivateKey)

    let pki: PKI
    /// The authority whose certificates it is about, by name.
    let issuer: String
    let certificate: Certificate
    let lifetime: Int
    /// What the asker's clock may show, from when it asks until it reads the answer, in whole seconds since 1970.
    let times: ClosedRange<Int>
    private let act = "make an OCSP answer"

    init(pki: PKI, issuer: String, certificate: Certificate, lifetime: Int, times: ClosedRange<Int>) {
        self.pki = pki
        self.issuer = issuer
        self.certificate = certificate
        self.lifetime = lifetime
        self.times = times
    }

    func der(to request: OCSPRequest, as answer: OCSPScript.Answer) throws -> [UInt8] {
        let content = try made(OCSP_BASICRESP_new(), act)
        defer { OCSP_BASICRESP_free(content) }
        for place in 0..<request.count { try add(try request.certificate(place), as: answer, to: content) }
        switch answer {
        case .noNonce: break
        case .wrongNonce:
            var nonce = [UInt8](repeating: 0, count: 16)
            try succeed(RAND_bytes(&nonce, 16), act)
            try succeed(OCSP_basic_add1_nonce(content, &nonce, 16), act)
        // It answers 2 where there was none to copy.
        default: try succeed(OCSP_copy_nonce(content, request.raw), act)
        }
        try sign(content, by: try signer(answer))
        if answer == .badSignature { flipBit(of: content) }
        return try OCSPResponder.response(OCSP_RESPONSE_STATUS_SUCCESSFUL, content)
    }

    private func add(_ asked: OpaquePointer, as answer: OCSPScript.Answer, to content: OpaquePointer) throws {
        let subject = try made(try self.asked(asked, as: answer), act)
        defer { OCSP_CERTID_free(subject) }
        let (status, revokedAt) = try status(of: try OCSPRequest.serial(of: asked), as: answer)
        let (start, end) = validity(answer)
        let times = try [revokedAt, start, end].map { seconds in try seconds.map { try made(ASN1_TIME_set(nil, $0), act) } }
        defer { for time in times { ASN1_TIME_free(time) } }
        _ = try made(
            OCSP_basic_add1_status(content, subject, status, OCSP_REVOKED_STATUS_UNSPECIFIED, times[0], times[1], times[2]), act)
    }

    /// Right, or wrong, whichever of those times it is judged by.
    private func validity(_ answer: OCSPScript.Answer) -> (start: Int, end: Int?) {
        switch answer {
        case .expired: (times.lowerBound - 7200, times.lowerBound - 3600)
        case .notYetValid: (times.upperBound + 3600, times.upperBound + 3600 + lifetime)
        case .noNextUpdate: (times.lowerBound - 60, nil)
        default: (times.lowerBound - 60, times.upperBound + lifetime)
        }
    }

    /// What the answer says it is about.
    private func asked(_ asked: OpaquePointer, as answer: OCSPScript.Answer) throws -> OpaquePointer? {
        switch answer {
        case .wrongSerial:
            var serial = [UInt8](repeating: 0, count: 16)
            try succeed(RAND_bytes(&serial, 16), act)
            let number = try made(ASN1_INTEGER_new(), act)
            defer { ASN1_INTEGER_free(number) }
            serial[0] = serial[0] & 0x3F | 0x40
            try succeed(ASN1_STRING_set(number, serial, 16), act)
            return OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(certificate.raw), X509_get0_pubkey_bitstr(certificate.raw), number)
        case .wrongIssuer:
            // The same serial number, of an issuer with another key.
            var number: UnsafeMutablePointer<ASN1_INTEGER>?
            try succeed(OCSP_id_get0_info(nil, nil, nil, &number, asked), act)
            let other = try stranger(.authority)
            return OCSP_cert_id_new(
                EVP_sha1(), X509_get_subject_name(certificate.raw), X509_get0_pubkey_bitstr(other.certificate.raw), number)
        default: return OCSP_CERTID_dup(asked)
        }
    }

    private func status(of serial: String, as answer: OCSPScript.Answer) throws -> (Int32, revokedAt: Int?) {
        switch answer {
        case .ledger, .slow, .down, .httpError: return try recorded(serial)
        case .unknown: return (V_OCSP_CERTSTATUS_UNKNOWN, nil)
        case .revoked: return (V_OCSP_CERTSTATUS_REVOKED, try recorded(serial).revokedAt ?? times.lowerBound - 60)
        default: return (V_OCSP_CERTSTATUS_GOOD, nil)
        }
    }

    private func recorded(_ serial: String) throws -> (Int32, revokedAt: Int?) {
        let state = try pki.ledger.read()
        // A serial number may be one of several issuers'.
        let isOwn =
            pki.entries.contains { $0.serial == serial && $0.issuer == issuer && $0.name != issuer }
            || state.issued.contains { $0.serial == serial && ($0.issuer ?? pki.signer) == issuer }
        guard isOwn else { return (V_OCSP_CERTSTATUS_UNKNOWN, nil) }
        guard pki.publisher(of: serial, state) == issuer, let revoked = state.revoked.first(where: { $0.serial == serial }) else {
            return (V_OCSP_CERTSTATUS_GOOD, nil)
        }
        return (V_OCSP_CERTSTATUS_REVOKED, revoked.at)
    }

    private func signer(_ answer: OCSPScript.Answer) throws -> Signer {
        switch answer {
        case .wrongSigner: return try stranger(.client, issuedBy: try pki.authority(issuer))
        case .strangeSigner: return try stranger(.responder)
        case .delegate: return try stranger(.responder, issuedBy: try pki.authority(issuer))
        case .expiredDelegate: return try stranger(.responder, issuedBy: try pki.authority(issuer), until: times.lowerBound - 3600)
        default: break
        }
        if let delegate = pki.entries.first(where: { $0.side == .responder && $0.wrong == nil && $0.issuer == issuer }) {
            return try pki.authority(delegate.name)
        }
        return try pki.authority(issuer)
    }

    /// A certificate that lives for this answer only.
    private func stranger(_ usage: CertificateTemplate.Usage, issuedBy issuer: Signer? = nil, until end: Int? = nil) throws -> Signer {
        var template = CertificateTemplate(subject: DistinguishedName(commonName: "Authbed Test Responder"), usage: usage)
        (template.notBefore, template.notAfter) = (times.lowerBound - 86_400, end ?? times.upperBound + 86_400)
        let key = try PrivateKey(generating: .p256)
        return (try Certificate.issue(template, key: key, issuer: issuer), key)
    }

    /// The signer's certificate goes along, unless it is the authority's own, which the asker has.
    private func sign(_ content: OpaquePointer, by signer: Signer) throws {
        let isAuthority = X509_cmp(signer.certificate.raw, certificate.raw) == 0
        // OpenSSL would write its own clock's time.
        let produced = UnsafeMutablePointer(mutating: OCSP_resp_get0_produced_at(content))
        _ = try made(ASN1_GENERALIZEDTIME_set(produced, times.lowerBound), act)
        let flags = UInt(OCSP_NOTIME) | (isAuthority ? UInt(OCSP_NOCERTS) : 0)
        try succeed(OCSP_basic_sign(content, signer.certificate.raw, signer.key.raw, EVP_sha256(), nil, flags), act)
    }

    private func flipBit(of content: OpaquePointer) {
        guard let signature = OCSP_resp_get0_signature(content) else { return }
        signature.pointee.data[Int(signature.pointee.length) - 1] ^= 1
    }
}
