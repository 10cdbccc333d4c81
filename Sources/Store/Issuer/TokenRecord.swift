package import Auth
package import OAuth

package import struct Foundation.Date

/// An access token that was issued. The token itself is not kept: its hash is enough to know it again.
package struct TokenRecord: Sendable, Hashable {
    /// SHA-256 of the token's text. Another encoding of the same signature is another token, and unknown.
    package var hash: [UInt8]
    package var jti: String
    package var clientID: String
    /// The secret that the client presented to get it; nil where it proved itself without one.
    package var secretID: Int64?
    package var scopes: ScopeSet
    package var audience: String
    /// What it is bound to.
    package var confirmation: Confirmation?
    package var issuedAt: Date
    package var expiresAt: Date
    package var revokedAt: Date?
    /// The grant it comes from; nil: from the client's own credentials.
    package var grantID: String?
    /// Who let the client act for them, its `sub`; nil: the client acts for itself.
    package var user: String?

    package init(
        hash: [UInt8], jti: String, clientID: String, secretID: Int64?, scopes: ScopeSet, audience: String,
        confirmation: Confirmation? = nil, issuedAt: Date, expiresAt: Date, revokedAt: Date? = nil, grantID: String? = nil,
        user: String? = nil
    ) {
        self.hash = hash
        self.jti = jti
        self.clientID = clientID
        self.secretID = secretID
        self.scopes = scopes
        self.audience = audience
        self.confirmation = confirmation
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.grantID = grantID
        self.user = user
    }
}

/// All that decides whether a token is active: itself, its client, the secret it was obtained with, its grant and its user.
package struct TokenState: Sendable, Hashable {
    package var token: TokenRecord
    package var client: ClientRecord
    package var secret: ClientSecretRecord?
    package var grant: GrantRecord?
    /// Whether its user is known and not disabled; true where it has none.
    package var isUserEnabled: Bool

    package init(
        token: TokenRecord, client: ClientRecord, secret: ClientSecretRecord?, grant: GrantRecord? = nil, isUserEnabled: Bool = true
    ) {
        self.token = token
        self.client = client
        self.secret = secret
        self.grant = grant
        self.isUserEnabled = isUserEnabled
    }
}
