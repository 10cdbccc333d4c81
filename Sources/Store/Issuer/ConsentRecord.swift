package import Auth

package import struct Foundation.Date

/// What a user has allowed a client to do at one resource, until he takes it back.
package struct ConsentRecord: Sendable, Hashable {
    package var user: String
    package var clientID: String
    /// The resource (RFC 8707).
    package var audience: String
    /// All that he ever allowed there.
    package var scopes: ScopeSet
    /// When he last allowed something.
    package var givenAt: Date

    package init(user: String, clientID: String, audience: String, scopes: ScopeSet, givenAt: Date) {
        self.user = user
        self.clientID = clientID
        self.audience = audience
        self.scopes = scopes
        self.givenAt = givenAt
    }
}
