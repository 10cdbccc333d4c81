package import Auth

package import struct Foundation.Date

/// An authorization code that was given out (RFC 6749 section 4.1.2). The code itself is not kept, only its hash.
package struct CodeRecord: Sendable, Hashable {
    /// SHA-256 of the code, which has 256 random bits.
    package var hash: [UInt8]
    package var clientID: String
    /// Who gave it.
    package var user: String
    /// Where it was sent, as the authorization request spelled it.
    package var redirectURI: String
    /// The `code_challenge` of the method `S256` (RFC 7636 section 4.2).
    package var challenge: String
    /// What the user consented to.
    package var scopes: ScopeSet
    /// The resource (RFC 8707) that its tokens are for.
    package var audience: String
    /// `dpop_jkt` (RFC 9449 section 10): the key that must be proven at the redemption; nil: any or none.
    package var keyThumbprint: String?
    package var issuedAt: Date
    package var expiresAt: Date
    package var redeemedAt: Date?
    /// What it was redeemed for.
    package var grantID: String?

    package init(
        hash: [UInt8], clientID: String, user: String, redirectURI: String, challenge: String, scopes: ScopeSet, audience: String,
        keyThumbprint: String? = nil, issuedAt: Date, expiresAt: Date, redeemedAt: Date? = nil, grantID: String? = nil
    ) {
        self.hash = hash
        self.clientID = clientID
        self.user = user
        self.redirectURI = redirectURI
        self.challenge = challenge
        self.scopes = scopes
        self.audience = audience
        self.keyThumbprint = keyThumbprint
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.redeemedAt = redeemedAt
        self.grantID = grantID
    }
}

/// What becomes of a code that is presented. Decided inside the transaction that acts on it, so that of many
/// simultaneous presentations exactly one is the first.
package enum CodeUse: Sendable, Hashable {
    /// It is redeemed, now.
    case redeem
    /// It is worth nothing, and nothing changes.
    case refuse
    /// It is worth nothing, and what it was redeemed for before ends (RFC 6749 section 4.1.2).
    case revoke
}
