package import Auth

/// A token as the issuer gave it.
package struct TokenGrant: Sendable {
    package var token: Secret<String>
    /// Seconds of use, counted from the question, already bounded by `TokenLifetime`.
    package var lifetime: Double

    package init(token: Secret<String>, lifetime: Double) {
        self.token = token
        self.lifetime = lifetime
    }
}
