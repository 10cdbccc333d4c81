package import Auth

package import struct Foundation.Date

/// A token as the issuer gave it.
package struct TokenGrant: Sendable {
    package var token: Secret<String>
    /// Seconds of use, counted from the question, already bounded by `TokenLifetime`.
    package var lifetime: Double
    /// When the question was asked; nil: just now.
    package var since: Date?
    package var refreshToken: Secret<String>?
    /// What it reaches, nil when nobody said.
    package var scopes: ScopeSet?

    package init(token: Secret<String>, lifetime: Double, since: Date? = nil, refreshToken: Secret<String>? = nil, scopes: ScopeSet? = nil)
    {
        self.token = token
        self.lifetime = lifetime
        self.since = since
        self.refreshToken = refreshToken
        self.scopes = scopes
    }
}
