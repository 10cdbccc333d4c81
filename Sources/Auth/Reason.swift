/// Why a caller was turned away: the closed list that audit records, answers and the judge share.
///
/// The raw values are the words used in scenario files, so they are part of the project's file formats.
package enum Reason: String, Sendable, Codable, Hashable, CaseIterable {
    /// No credential where one is required.
    case missing
    /// The credential does not have the form its scheme prescribes.
    case malformed
    /// More than one credential where exactly one is allowed.
    case ambiguous
    /// Well formed, but nobody here was ever given it.
    case unknown
    case expired
    case notYetValid = "not-yet-valid"
    case revoked
    /// A key of another deployment, such as a development key shown to production.
    case environment
    /// A token of another kind, such as an ID token (RFC 9068 section 4).
    case type
    /// A signature algorithm that is not allowed for the key (RFC 8725 section 3.1), or one, or a key, that is too weak.
    case algorithm
    /// No trusted key by that issuer and key identifier.
    case key
    case signature
    case issuer
    case audience
    /// A required claim is absent or of the wrong JSON type.
    case claims
    /// Bound to a certificate or key that the caller did not prove to hold (RFC 8705, RFC 9449).
    case binding
    /// No valid proof of possession of the key that the caller claims to hold (RFC 9449 section 4.3).
    case proof
    /// The proof lacks the nonce that was asked for (RFC 9449 section 8).
    case nonce
    /// Good once, and used before: a proof, an assertion, an authorization code.
    case replayed
    /// No certification path to a trust anchor (RFC 5280 section 6).
    case untrusted
    /// A certificate for another purpose, by version, basic constraints, key usage or extended key usage.
    case usage
    /// A valid certificate whose name is not on the list.
    case name
    /// The revocation list is absent, expired or not from the issuer: nobody can say whether it is revoked.
    case revocationUnknown = "revocation-unknown"
    /// The issuer could not be asked, and no answer from before may be used.
    case issuerUnreachable = "issuer-unreachable"
    /// Too many tries in too short a time; those who come later or from elsewhere are heard.
    case throttled
    /// The caller is known, and may not do this.
    case scope
    /// What was asked for is another tenant's, or nobody's.
    case tenant
}
