/// What is known of a client that shows a signed assertion (RFC 7523).
package struct ClientAssertionEvidence: Sendable {
    /// What the client sent.
    package let assertion: String
    /// The client that the request names, or that the assertion claims to be of.
    package let clientID: String
    /// The keys registered for that client.
    package let keys: [VerificationKey]
    /// Whether an operator registered it, rather than it itself.
    package let isKnown: Bool
    /// Set by `form`.
    package var unverified: UnverifiedToken?

    package init(assertion: String, clientID: String, keys: [VerificationKey], isKnown: Bool = true) {
        self.assertion = assertion
        self.clientID = clientID
        self.keys = keys
        self.isKnown = isKnown
    }

    /// Who an assertion claims to be of, before anything is known of it; nil for what cannot be read.
    package static func claimedClient(_ assertion: String) -> String? {
        guard let token = try? UnverifiedToken(parsing: assertion) else { return nil }
        return token.claims["sub"]?.string
    }
}
