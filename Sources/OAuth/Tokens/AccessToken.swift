package import Auth

package import struct Foundation.Date

/// A token that passed every check: what it says may be believed.
package struct AccessToken: Sendable, Hashable {
    package var issuer: String
    package var subject: String
    package var clientID: String?
    package var audience: [String]
    package var scopes: ScopeSet
    package var jti: String?
    /// The first instant at which the token is refused; in the distant future for an introspected token without `exp`.
    package var expiry: Date
    package var confirmation: Confirmation?

    /// Reads claims that have been checked.
    /// - Returns: Nil when they name nobody. A token of a client for itself may have `client_id` only, if it was introspected
    ///   (RFC 7662 section 2.2).
    package init?(claims: [String: JSONValue], issuer: String) {
        let clientID = claims["client_id"]?.string
        guard let subject = claims["sub"]?.string ?? clientID, !subject.isEmpty else { return nil }
        self.issuer = issuer
        self.subject = subject
        self.clientID = clientID
        audience = claims["aud"].flatMap { $0.strings ?? $0.string.map { [$0] } } ?? []
        // No scope means no permission, and so does a scope that cannot be read.
        scopes = claims["scope"]?.string.flatMap(ScopeSet.init(parsing:)) ?? []
        jti = claims["jti"]?.string
        expiry = claims["exp"]?.number.map(Date.init(timeIntervalSince1970:)) ?? .distantFuture
        confirmation = claims["cnf"].flatMap(Confirmation.init)
    }

    /// Who calls with this token.
    package func principal() -> Principal {
        Principal(name: subject, scopes: scopes, credential: .token(issuer: issuer, jti: jti))
    }
}
