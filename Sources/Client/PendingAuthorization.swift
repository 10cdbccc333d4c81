package import Auth

/// What is written down before the browser leaves, and compared when it comes back (MCP authorization, response validation).
package struct PendingAuthorization: Sendable {
    /// The issuer that was asked, as its validated metadata spells it.
    package var issuer: String
    /// Whether that metadata says that it names itself in responses (RFC 9207 section 3).
    package var issuerNamesItself: Bool
    package var state: Secret<String>
    package var verifier: Secret<String>
    package var redirectURI: String

    package init(issuer: String, issuerNamesItself: Bool, state: Secret<String>, verifier: Secret<String>, redirectURI: String) {
        self.issuer = issuer
        self.issuerNamesItself = issuerNamesItself
        self.state = state
        self.verifier = verifier
        self.redirectURI = redirectURI
    }
}
