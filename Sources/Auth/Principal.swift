/// Who is calling, with what, and what they may do: the outcome of a verification that succeeded.
package struct Principal: Sendable, Hashable {
    /// The name that decisions and audit records use: an API key's owner, a token's `sub`, a certificate's name.
    package var name: String
    package var scopes: ScopeSet
    package var credential: CredentialID
    /// Whose data it may see, as its credential says; nil: nobody's in particular. Never what a request says.
    package var tenant: String?

    package init(name: String, scopes: ScopeSet, credential: CredentialID, tenant: String? = nil) {
        self.name = name
        self.scopes = scopes
        self.credential = credential
        self.tenant = tenant
    }
}

/// Which credential it was, in a form that may be logged: never the secret itself.
package enum CredentialID: Sendable, Hashable {
    /// The public part of an API key.
    case apiKey(id: String)
    /// A token's issuer and `jti`, where it has one.
    case token(issuer: String, jti: String?)
    /// A certificate's serial number in hexadecimal and the SHA-256 thumbprint of its DER form, base64url (RFC 8705 section 3.1).
    case certificate(serial: String, thumbprint: String)
    /// Authentication is switched off.
    case none
}
