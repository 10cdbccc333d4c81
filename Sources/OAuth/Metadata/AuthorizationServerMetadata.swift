/// What an issuer says of itself (RFC 8414 section 2).
package struct AuthorizationServerMetadata: Sendable, Hashable, Codable {
    package static let wellKnown = "oauth-authorization-server"

    /// A reader must compare it with the identifier that it asked for (RFC 8414 section 3.3).
    package var issuer: String
    package var tokenEndpoint: String?
    package var jwksURI: String?
    package var revocationEndpoint: String?
    package var introspectionEndpoint: String?
    package var scopesSupported: [String]?
    /// Required by RFC 8414; empty for an issuer without an authorization endpoint.
    package var responseTypesSupported: [String]
    package var grantTypesSupported: [String]?
    package var tokenEndpointAuthMethodsSupported: [String]?
    package var tokenEndpointAuthSigningAlgValuesSupported: [String]?
    package var revocationEndpointAuthMethodsSupported: [String]?
    package var introspectionEndpointAuthMethodsSupported: [String]?
    /// RFC 9449 section 5.1.
    package var dpopSigningAlgValuesSupported: [String]?
    /// RFC 8705 section 3.3.
    package var tlsClientCertificateBoundAccessTokens: Bool?

    package init(issuer: String) {
        self.issuer = issuer
        responseTypesSupported = []
    }

    enum CodingKeys: String, CodingKey {
        case issuer
        case tokenEndpoint = "token_endpoint"
        case jwksURI = "jwks_uri"
        case revocationEndpoint = "revocation_endpoint"
        case introspectionEndpoint = "introspection_endpoint"
        case scopesSupported = "scopes_supported"
        case responseTypesSupported = "response_types_supported"
        case grantTypesSupported = "grant_types_supported"
        case tokenEndpointAuthMethodsSupported = "token_endpoint_auth_methods_supported"
        case tokenEndpointAuthSigningAlgValuesSupported = "token_endpoint_auth_signing_alg_values_supported"
        case dpopSigningAlgValuesSupported = "dpop_signing_alg_values_supported"
        case tlsClientCertificateBoundAccessTokens = "tls_client_certificate_bound_access_tokens"
        case revocationEndpointAuthMethodsSupported = "revocation_endpoint_auth_methods_supported"
        case introspectionEndpointAuthMethodsSupported = "introspection_endpoint_auth_methods_supported"
    }
}
