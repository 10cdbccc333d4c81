package import Auth

/// Why a token is asked for.
package struct TokenNeed: Sendable {
    /// Of the answer that made it necessary, for discovery and scopes.
    package var challenge: Challenge?
    /// The access token that the server refused: any other may do.
    package var refused: Secret<String>?
    /// Whether the token must reach further than the refused one.
    package var widens: Bool

    package init(challenge: Challenge? = nil, refused: Secret<String>? = nil, widens: Bool = false) {
        self.challenge = challenge
        self.refused = refused
        self.widens = widens
    }
}
