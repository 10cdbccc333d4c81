package import Auth

package import struct Foundation.Date

/// Who the client is at one issuer, and at no other (MCP authorization, authorization server binding).
package struct RegisteredClient: Sendable {
    package enum Origin: Sendable {
        /// By the configuration.
        case configured
        /// By its metadata document.
        case metadataDocument
        /// By registering itself (RFC 7591).
        case dynamic
    }

    package var id: String
    package var origin: Origin
    /// How it proves itself at the token endpoint, as metadata spells it.
    package var method: String
    /// Given by the issuer when it registered itself.
    package var secret: Secret<String>?
    /// When the secret ends (RFC 7591 section 3.2.1); nil: never.
    package var secretExpiry: Date?
    /// What it was registered with.
    package var redirectURI: String?

    package init(
        id: String, origin: Origin, method: String, secret: Secret<String>? = nil, secretExpiry: Date? = nil, redirectURI: String? = nil
    ) {
        self.id = id
        self.origin = origin
        self.method = method
        self.secret = secret
        self.secretExpiry = secretExpiry
        self.redirectURI = redirectURI
    }

    /// The port it was registered with: an issuer that compares redirect URIs as text takes no other.
    var redirectPort: Int? { redirectURI.flatMap(RedirectURI.init)?.port }
}
