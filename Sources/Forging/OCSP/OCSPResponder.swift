import COpenSSL
import Foundation

/// Answers OCSP requests (RFC 6960) for the certificates of a PKI: octets in, octets out.
///
/// An authority's right responder signs where the PKI has one, and the authority itself where not.
package struct OCSPResponder: Sendable {
    package let pki: PKI
    /// Seconds until an answer's `nextUpdate`.
    package let lifetime: Int

    package init(pki: PKI, lifetime: Int = 300) {
        self.pki = pki
        self.lifetime = lifetime
    }

    /// The certificate that a request asks about first, in lower-case hexadecimal; nil for what is no request.
    package func serial(in request: [UInt8]) -> String? {
        defer { ERR_clear_error() }
        return try? OCSPRequest(der: request).serial(0)
    }

    /// - Parameters:
    ///   - answer: The one thing that is to be wrong, if anything. `slow`, `down` and `httpError`, which are the connection's
    ///     concern, answer as `ledger` here.
    ///   - times: What the asker's clock may show, from when it asks until it reads the answer, in seconds since 1970.
    /// - Throws: `ForgingError` when the PKI's files cannot be read.
    package func answer(to request: [UInt8], as answer: OCSPScript.Answer = .ledger, at times: ClosedRange<Double>) throws -> [UInt8] {
        switch answer {
        case .malformedRequest: return try bare(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST)
        case .internalError: return try bare(OCSP_RESPONSE_STATUS_INTERNALERROR)
        case .tryLater: return try bare(OCSP_RESPONSE_STATUS_TRYLATER)
        case .signatureRequired: return try bare(OCSP_RESPONSE_STATUS_SIGREQUIRED)
        case .unauthorized: return try bare(OCSP_RESPONSE_STATUS_UNAUTHORIZED)
        case .empty: return []
        default: break
        }
        guard let asked = try? OCSPRequest(der: request) else {
            ERR_clear_error()
            return try bare(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST)
        }
        // It has no say about others' certificates (RFC 6960 section 2.3).
        guard let issuer = try issuer(of: try asked.certificate(0)) else { return try bare(OCSP_RESPONSE_STATUS_UNAUTHORIZED) }
        let whole = try OCSPAnswer(
            pki: pki, issuer: issuer.name, certificate: issuer.certificate, lifetime: lifetime,
            times: Int(times.lowerBound.rounded(.down))...Int(times.upperBound.rounded(.down))
        )
        .der(to: asked, as: answer)
        return answer == .malformed ? Array(whole.prefix(whole.count / 2)) : whole
    }

    /// The authority that a request means, the one most asked about first.
    private func issuer(of asked: OpaquePointer) throws -> (name: String, certificate: Certificate)? {
        for name in [pki.signer, pki.trust] + pki.entries.filter({ $0.side == .authority && $0.wrong == nil }).map(\.name) {
            let certificate = try Certificate(pem: try Files.read(pki.path(of: name).certificate))
            if try Self.issued(certificate, asked) { return (name, certificate) }
        }
        return nil
    }

    /// Whether a request means a certificate of that issuer.
    private static func issued(_ issuer: Certificate, _ asked: OpaquePointer) throws -> Bool {
        var digest: OpaquePointer?
        try succeed(OCSP_id_get0_info(nil, &digest, nil, nil, asked), "read an OCSP request")
        guard let method = EVP_get_digestbyname(OBJ_nid2sn(OBJ_obj2nid(digest))) else { return false }
        let own = try made(
            OCSP_cert_id_new(method, X509_get_subject_name(issuer.raw), X509_get0_pubkey_bitstr(issuer.raw), nil), "identify an issuer")
        defer { OCSP_CERTID_free(own) }
        return OCSP_id_issuer_cmp(own, asked) == 0
    }

    private func bare(_ status: Int32) throws -> [UInt8] { try Self.response(status, nil) }

    static func response(_ status: Int32, _ content: OpaquePointer?) throws -> [UInt8] {
        let response = try made(OCSP_response_create(status, content), "make an OCSP answer")
        defer { OCSP_RESPONSE_free(response) }
        var octets = [UInt8](repeating: 0, count: Int(i2d_OCSP_RESPONSE(response, nil)))
        octets.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            i2d_OCSP_RESPONSE(response, &start)
        }
        return octets
    }
}
