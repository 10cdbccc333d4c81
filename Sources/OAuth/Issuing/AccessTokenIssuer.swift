package import Auth

package import struct Foundation.Date
package import struct Foundation.TimeInterval

/// Writes the claims of access tokens for clients that act for themselves (RFC 6749 section 4.4).
package struct AccessTokenIssuer: Sendable {
    /// The issuer's identifier, as in its metadata.
    package let issuer: String
    /// The longest life a token may have: one hour.
    package static let maximumLifetime: TimeInterval = 3600

    package init(issuer: String) {
        self.issuer = issuer
    }

    /// - Parameters:
    ///   - resources: The servers that the token is for (RFC 8707).
    ///   - lifetime: In seconds; at least one and at most ``maximumLifetime`` count.
    ///   - confirmation: What the token is bound to.
    package func claims(
        clientID: String, resources: [String], scopes: ScopeSet, lifetime: TimeInterval, at now: Date,
        confirmation: Confirmation? = nil
    ) -> AccessTokenClaims {
        // Rounded down, so that no server with the same time thinks that the token comes from the future.
        let issuedAt = Int(now.timeIntervalSince1970.rounded(.down))
        let lifetime = Int(min(max(lifetime, 1), Self.maximumLifetime).rounded(.down))
        var claims = AccessTokenClaims(
            iss: issuer, sub: clientID, aud: resources, exp: issuedAt + lifetime, iat: issuedAt, jti: Self.identifier(),
            clientID: clientID, scope: scopes.isEmpty ? nil : scopes.description)
        claims.cnf = confirmation
        return claims
    }

    /// 128 random bits: nobody can guess or repeat one.
    private static func identifier() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
