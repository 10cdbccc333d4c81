/// What a server says of itself to clients that do not know it (RFC 9728 section 2).
package struct ProtectedResourceMetadata: Sendable, Hashable, Codable {
    package static let wellKnown = "oauth-protected-resource"

    /// The server's canonical identifier: the `resource` to ask for, and the `aud` that it accepts.
    package var resource: String
    /// The issuers whose tokens it accepts.
    package var authorizationServers: [String]
    package var scopesSupported: [String]?
    package var bearerMethodsSupported: [String]?
    package var resourceName: String?
    package var tlsClientCertificateBoundAccessTokens: Bool?
    package var dpopSigningAlgValuesSupported: [String]?
    package var dpopBoundAccessTokensRequired: Bool?

    package init(resource: String, authorizationServers: [String], scopesSupported: [String]? = nil, resourceName: String? = nil) {
        self.resource = resource
        self.authorizationServers = authorizationServers
        self.scopesSupported = scopesSupported
        bearerMethodsSupported = ["header"]
        self.resourceName = resourceName
    }

    enum CodingKeys: String, CodingKey {
        case resource
        case authorizationServers = "authorization_servers"
        case scopesSupported = "scopes_supported"
        case bearerMethodsSupported = "bearer_methods_supported"
        case resourceName = "resource_name"
        case tlsClientCertificateBoundAccessTokens = "tls_client_certificate_bound_access_tokens"
        case dpopSigningAlgValuesSupported = "dpop_signing_alg_values_supported"
        case dpopBoundAccessTokensRequired = "dpop_bound_access_tokens_required"
    }
}
