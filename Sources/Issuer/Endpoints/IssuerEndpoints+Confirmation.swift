import Auth
import Foundation
import MutualTLS
import OAuth
import Store

extension IssuerEndpoints {
    /// What the token of a request becomes bound to: the key of its proof (RFC 9449 section 5), and the certificate of the
    /// connection where the client is registered for that (RFC 8705 section 3).
    ///
    /// The proof is kept with the caller, to be used up by ``use(_:at:)`` once there is something to give for it.
    ///
    /// - Throws: `OAuthError` for a bad proof, and for a binding that the client is registered for and does not show.
    func confirmation(_ call: Call, of caller: inout Caller) async throws -> Confirmation? {
        let client = caller.client
        var confirmation = Confirmation()
        if !call.proofs.isEmpty || client.binding == .dpop {
            var evidence = DPoPEvidence(proofs: call.proofs, method: "POST", url: base + call.path)
            if let objection = await parts.proofs.beforeUse.objection(to: &evidence, at: call.now) {
                throw Self.error(objection.refusal)
            }
            confirmation.keyThumbprint = evidence.keyThumbprint
            evidence.holder = ProofHolder(client.id, isKnown: client.origin == .registered)
            caller.unusedProof = evidence
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

    /// Uses the caller's proof up, if there is one: it is good once (RFC 9449 section 11.1). Not before the request has turned out to
    /// be worth a token: a public client is anybody, and could else fill the memory that all share.
    ///
    /// - Throws: `OAuthError` for a proof that was used before.
    func use(_ proof: DPoPEvidence?, at now: Date) async throws {
        guard var evidence = proof, let objection = await parts.proofs.use.objection(to: &evidence, at: now) else { return }
        throw Self.error(objection.refusal)
    }

    private static func error(_ refusal: Refusal) -> OAuthError {
        switch refusal.reason {
        case .nonce:
            OAuthError(.useDPoPNonce, "the proof needs the nonce of the DPoP-Nonce field", because: .nonce, detail: refusal.detail)
        case .throttled: .throttled("too many proofs of possession", retryAfter: 60)
        default: OAuthError(.invalidDPoPProof, "the proof of possession is not valid", because: refusal.reason, detail: refusal.detail)
        }
    }
}
