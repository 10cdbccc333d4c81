package import Auth

package import struct Foundation.TimeInterval

/// The rules for access tokens (RFC 9068 section 4, RFC 8725), in the order in which they are asked.
package enum TokenChecks {
    /// For self-contained tokens: form → type-and-algorithm → key → signature → issuer → audience → times →
    /// required-claims → binding.
    /// - Parameters:
    ///   - audience: This server's canonical identifier, the only audience that counts.
    ///   - leeway: How far clocks may differ, in seconds.
    ///   - binding: What every token must be bound to; nil: what it says itself.
    package static func jwt(
        issuers: [TrustedIssuer], audience: String, leeway: TimeInterval, keys: any KeySource, binding: TokenBinding? = nil
    ) -> Verifier<AccessTokenEvidence> {
        Verifier([
            form, typeAndAlgorithm, key(of: issuers, from: keys), signature, issuer(among: issuers), self.audience(audience),
            times(leeway: leeway), requiredClaims, self.binding(required: binding),
        ])
    }

    /// For tokens of any form that the issuer is asked about (RFC 7662): form → active → issuer → audience → times → binding.
    package static func introspection(
        issuers: [TrustedIssuer], audience: String, leeway: TimeInterval, introspector: any Introspector,
        binding: TokenBinding? = nil
    ) -> Verifier<AccessTokenEvidence> {
        Verifier([
            opaqueForm, active(at: issuers, asking: introspector), answeringIssuer, self.audience(audience),
            answeredTimes(leeway: leeway), self.binding(required: binding),
        ])
    }

    /// A check that needs what an earlier one establishes refuses where that one is missing from the list.
    static let unvouched = Refusal(.signature, "nobody vouched for the claims")
}
