package import struct Foundation.Data
package import struct Foundation.Date

/// What is kept of an API key: enough to recognise it and to know what it opens, not enough to use it.
package struct APIKeyRecord: Sendable, Hashable {
    /// The public part of the key.
    package var id: String
    /// SHA-256 of the whole key.
    package var hash: Data
    /// Who the key stands for; several keys may stand for one principal.
    package var principal: String
    /// Whose data it opens, where a server holds several customers' apart; nil where it holds nobody's.
    package var tenant: String?
    package var scopes: ScopeSet
    package var environment: String
    package var createdAt: Date
    /// The first instant at which the key is refused.
    package var expiresAt: Date
    /// Nil for a key that was never revoked. A key with a date here is refused, whatever the clock says.
    package var revokedAt: Date?
    /// The id of the key that replaced this one in a rotation.
    package var replacedBy: String?

    package init(key: APIKey, principal: String, tenant: String? = nil, scopes: ScopeSet, createdAt: Date, expiresAt: Date) {
        self.init(
            id: key.id, hash: key.hash, principal: principal, tenant: tenant, scopes: scopes, environment: key.environment,
            createdAt: createdAt, expiresAt: expiresAt)
    }

    package init(
        id: String, hash: Data, principal: String, tenant: String? = nil, scopes: ScopeSet, environment: String, createdAt: Date,
        expiresAt: Date, revokedAt: Date? = nil, replacedBy: String? = nil
    ) {
        self.id = id
        self.hash = hash
        self.principal = principal
        self.tenant = tenant
        self.scopes = scopes
        self.environment = environment
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.replacedBy = replacedBy
    }

    /// Who calls with this key.
    package var owner: Principal {
        Principal(name: principal, scopes: scopes, credential: .apiKey(id: id), tenant: tenant)
    }
}
