/// Why a caller was turned away, in the words of scenario files.
///
/// The same closed list as `Auth.Reason`, written down twice because the judging side must not depend on a subject's
/// module; a test holds the two together.
package enum ReasonWord: String, Sendable, Codable, Hashable, CaseIterable {
    case missing, malformed, ambiguous, unknown, expired
    case notYetValid = "not-yet-valid"
    case revoked, environment, type, algorithm, key, signature, issuer, audience, claims, binding, proof, nonce, replayed, untrusted, usage,
        name
    case revocationUnknown = "revocation-unknown"
    case issuerUnreachable = "issuer-unreachable"
    case throttled, scope, tenant
}
