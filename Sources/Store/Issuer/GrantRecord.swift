package import Auth
package import OAuth

package import struct Foundation.Date

/// One act of consent that a client redeemed, and so the root of every token that comes from it.
package struct GrantRecord: Sendable, Hashable {
    /// 128 random bits; it opens nothing.
    package var id: String
    package var clientID: String
    /// Who gave it.
    package var user: String
    /// The widest scope of its access tokens, and the scope of its refresh tokens.
    package var scopes: ScopeSet
    package var audience: String
    /// What its refresh tokens are bound to where its client proves itself by nothing else (RFC 9449 section 5, RFC 8705 section 4).
    package var confirmation: Confirmation?
    package var createdAt: Date
    /// When the last of its tokens ends, unless it is refreshed before.
    package var expiresAt: Date
    /// From then on all of its tokens are worth nothing.
    package var revokedAt: Date?

    package init(
        id: String, clientID: String, user: String, scopes: ScopeSet, audience: String, confirmation: Confirmation? = nil,
        createdAt: Date, expiresAt: Date, revokedAt: Date? = nil
    ) {
        self.id = id
        self.clientID = clientID
        self.user = user
        self.scopes = scopes
        self.audience = audience
        self.confirmation = confirmation
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }
}
