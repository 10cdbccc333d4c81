package import Auth

package import struct Foundation.Date

/// A client of the token issuer, as registered by its operator.
package struct ClientRecord: Sendable, Hashable {
    /// The public `client_id` (RFC 6749 section 2.2).
    package var id: String
    /// The widest scope a token of this client may have.
    package var scopes: ScopeSet
    /// The resources (RFC 8707) it may have tokens for; empty: any that the issuer serves.
    package var resources: [String]
    /// Seconds that its tokens live; nil: as long as the issuer's configuration says.
    package var tokenLifetime: Int?
    /// Whether it may ask what a token is worth (RFC 7662 section 2.1).
    package var mayIntrospect: Bool
    package var createdAt: Date
    /// From then on it gets no tokens, and those it has are inactive.
    package var disabledAt: Date?

    package init(
        id: String, scopes: ScopeSet, resources: [String] = [], tokenLifetime: Int? = nil, mayIntrospect: Bool = false,
        createdAt: Date, disabledAt: Date? = nil
    ) {
        self.id = id
        self.scopes = scopes
        self.resources = resources
        self.tokenLifetime = tokenLifetime
        self.mayIntrospect = mayIntrospect
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }
}

/// A client and every secret it was ever given, oldest first.
package struct ClientRegistration: Sendable, Hashable {
    package var client: ClientRecord
    package var secrets: [ClientSecretRecord]

    package init(client: ClientRecord, secrets: [ClientSecretRecord]) {
        self.client = client
        self.secrets = secrets
    }
}
