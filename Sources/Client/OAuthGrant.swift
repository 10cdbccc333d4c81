/// How a client comes by its tokens, as metadata and requests spell it.
package enum OAuthGrant: String, Sendable, CaseIterable {
    /// RFC 6749 section 4.4: for itself.
    case clientCredentials = "client_credentials"
    /// RFC 6749 section 4.1, with PKCE: for a person, who logs in and consents in a browser.
    case authorizationCode = "authorization_code"
}
