package import Auth

package import struct Foundation.Date

/// What a client holds of one issuer for one resource.
package struct CachedTokens: Sendable {
    /// Whose they are: tokens are never taken for another issuer, resource or client.
    package struct Owner: Sendable, Hashable {
        package var issuer: String
        package var resource: String
        package var clientID: String

        package init(issuer: String, resource: String, clientID: String) {
            self.issuer = issuer
            self.resource = resource
            self.clientID = clientID
        }
    }

    package var owner: Owner
    package var accessToken: Secret<String>
    /// When it was asked for: its life is counted from then.
    package var since: Date
    /// Seconds of use.
    package var lifetime: Double
    package var refreshToken: Secret<String>?
    /// What was asked for and what was given: a wider authorization asks for all of it.
    package var scopes: ScopeSet
    /// PEM of the key that the tokens are bound to (RFC 9449).
    package var key: Secret<String>?

    package init(
        owner: Owner, accessToken: Secret<String>, since: Date, lifetime: Double, refreshToken: Secret<String>?, scopes: ScopeSet,
        key: Secret<String>?
    ) {
        self.owner = owner
        self.accessToken = accessToken
        self.since = since
        self.lifetime = lifetime
        self.refreshToken = refreshToken
        self.scopes = scopes
        self.key = key
    }

    package var expiry: Date { since.addingTimeInterval(lifetime) }

    /// The access token as a token source takes it.
    package var grant: TokenGrant {
        TokenGrant(token: accessToken, lifetime: lifetime, since: since, refreshToken: refreshToken, scopes: scopes)
    }
}
