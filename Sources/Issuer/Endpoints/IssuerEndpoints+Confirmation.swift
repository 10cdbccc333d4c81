import Auth
import MutualTLS
import OAuth
import Store

extension IssuerEndpoints {
    /// What the token of a request becomes bound to: the key of its proof (RFC 9449 section 5), and the certificate of the
    /// connection where the client is registered for that (RFC 8705 section 3).
    ///
    /// - Throws: `OAuthError` for a bad proof, and for a binding that the client is registered for and does not show.
    func confirmation(_ call: Call, of client: ClientRecord) async throws -> Confirmation? {
        var confirmation = Confirmation()
        if !call.proofs.isEmpty || client.binding == .dpop {
            var evidence = DPoPEvidence(proofs: call.proofs, method: "POST", url: base + call.path)
            if let objection = await parts.proofs.objection(to: &evidence, at: call.now) { throw Self.error(objection.refusal) }
            confirmation.keyThumbprint = evidence.keyThumbprint
        }
        if client.binding == .certificate {
            guard let certificate = call.certificate else {
                throw OAuthError.invalidRequest(
                    "this client's tokens are bound to a client certificate, and none was shown", because: .binding)
            }
            guard !certificate.isSelfIssued || RegisteredCertificates.thumbprints(of: client).contains(certificate.thumbprint) else {
                throw OAuthError.invalidRequest("the client certificate is neither vouched for nor registered", because: .untrusted)
            }
            confirmation.certificateThumbprint = certificate.thumbprint
        }
        return confirmation == Confirmation() ? nil : confirmation
    }

    private static func error(_ refusal: Refusal) -> OAuthError {
        refusal.reason == .nonce
            ? OAuthError(.useDPoPNonce, "the proof needs the nonce of the DPoP-Nonce field", because: .nonce, detail: refusal.detail)
            : OAuthError(.invalidDPoPProof, "the proof of possession is not valid", because: refusal.reason, detail: refusal.detail)
    }
}
