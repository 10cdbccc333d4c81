package import Auth
package import OAuth

package import struct Foundation.Date

/// A client of the token issuer.
package struct ClientRecord: Sendable, Hashable {
    /// The public `client_id` (RFC 6749 section 2.2).
    package var id: String
    /// The widest scope a token of this client may have.
    package var scopes: ScopeSet
    /// The resources (RFC 8707) it may have tokens for; empty: any that the issuer's configuration names.
    package var resources: [String]
    /// Seconds that its tokens live; nil: as long as the issuer's configuration says.
    package var tokenLifetime: Int?
    /// Whether it may ask what a token is worth (RFC 7662 section 2.1).
    package var mayIntrospect: Bool
    /// How it proves who it is, that way and no other.
    package var authentication = ClientAuthentication.secret
    /// Its public keys as a JWKS, for assertions that it signs (RFC 7523).
    package var jwks: String?
    /// The name in its certificate, as `uri:…` or `dns:…` (RFC 8705 section 2.1.2).
    package var certificateName: String?
    /// SHA-256 of its self-signed certificate in DER, base64url (RFC 8705 section 2.2).
    package var certificateThumbprint: String?
    /// What its tokens are bound to (RFC 8705 section 3.4, RFC 9449 section 5.2); nil: to a key if it proves one, else to nothing.
    package var binding: TokenBinding?
    /// What people see it as, on the consent page; its own claim, unless the operator registered it.
    package var name: String?
    /// Where its authorization codes may be sent, compared exactly (RFC 6749 section 3.1.2); none: it has no users.
    package var redirectURIs: [String] = []
    /// The grant types it may use, as `grant_type` spells them (RFC 7591 section 2).
    package var grantTypes: Set<String> = ["client_credentials"]
    package var origin = ClientOrigin.registered
    /// `native` or `web` (OpenID Connect dynamic registration section 2), where it said so.
    package var applicationType: String?
    package var createdAt: Date
    /// From then on it gets no tokens, and those it has are inactive.
    package var disabledAt: Date?

    package init(
        id: String, scopes: ScopeSet, resources: [String] = [], tokenLifetime: Int? = nil, mayIntrospect: Bool = false,
        createdAt: Date, disabledAt: Date? = nil
    ) {
        self.id = id
        self.scopes = scopes
        self.resources = resources
        self.tokenLifetime = tokenLifetime
        self.mayIntrospect = mayIntrospect
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }
}

/// How a client authenticates at the token endpoint.
package enum ClientAuthentication: String, Sendable, Hashable, CaseIterable {
    /// A shared secret, in the `Authorization` field or in the form (RFC 6749 section 2.3.1).
    case secret = "client_secret"
    /// An assertion signed with its own key (RFC 7523 section 2.2).
    case privateKeyJWT = "private_key_jwt"
    /// A client certificate of a trusted CA, known by its name (RFC 8705 section 2.1).
    case certificate = "tls_client_auth"
    /// A certificate that nobody vouches for, known by its hash (RFC 8705 section 2.2).
    case selfSignedCertificate = "self_signed_tls_client_auth"
    /// None: a public client, such as an app on a person's own device (RFC 6749 section 2.1).
    case none
}

/// Who brought a client here.
package enum ClientOrigin: String, Sendable, Hashable, CaseIterable {
    /// The operator.
    case registered
    /// The client itself (RFC 7591).
    case dynamic
    /// Its identifier is the URL of a document that describes it.
    case metadataDocument = "metadata_document"
}

/// A client and every secret it was ever given, oldest first.
package struct ClientRegistration: Sendable, Hashable {
    package var client: ClientRecord
    package var secrets: [ClientSecretRecord]

    package init(client: ClientRecord, secrets: [ClientSecretRecord]) {
        self.client = client
        self.secrets = secrets
    }
}
