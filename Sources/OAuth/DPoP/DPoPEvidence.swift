package import Auth

/// What is known of a request that should prove the possession of a key (RFC 9449).
package struct DPoPEvidence: Sendable {
    /// The values of the request's `DPoP` fields.
    package let proofs: [String]
    /// The request's method.
    package let method: String
    /// The URL the request was sent to, as this side is called by its peers.
    package let url: String
    /// The access token beside it; nil at the token endpoint.
    package let accessToken: Secret<String>?
    /// The parts of the one proof; set by `form`. Nothing in it may be believed.
    package var unverified: UnverifiedToken?
    /// The key that the proof carries; set by `key`.
    package var key: VerificationKey?
    /// RFC 7638 thumbprint of the key that made the proof; set by `signature`.
    package var keyThumbprint: String?
    /// Whose proof it is, once the credential beside it has said so; nil: the key's, whoever has it.
    package var holder: ProofHolder?

    package init(proofs: [String], method: String, url: String, accessToken: Secret<String>? = nil) {
        self.proofs = proofs
        self.method = method
        self.url = url
        self.accessToken = accessToken
    }
}
