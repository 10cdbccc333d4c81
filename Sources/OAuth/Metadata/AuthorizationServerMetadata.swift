/// What an issuer says of itself (RFC 8414 section 2).
package struct AuthorizationServerMetadata: Sendable, Hashable, Codable {
    package static let wellKnown = "oauth-authorization-server"

    /// A reader must compare it with the identifier that it asked for (RFC 8414 section 3.3).
    package var issuer: String
    package var authorizationEndpoint: String?
    package var tokenEndpoint: String?
    /// RFC 7591 section 3.
    package var registrationEndpoint: String?
    package var jwksURI: String?
    package var revocationEndpoint: String?
    package var introspectionEndpoint: String?
    package var scopesSupported: [String]?
    /// Required by RFC 8414; empty for an issuer without an authorization endpoint.
    package var responseTypesSupported: [String]
    package var responseModesSupported: [String]?
    package var grantTypesSupported: [String]?
    /// RFC 7636. A client that does not find `S256` here must not go on (MCP, Authorization Code Protection).
    package var codeChallengeMethodsSupported: [String]?
    /// RFC 9207 section 3.
    package var authorizationResponseIssParameterSupported: Bool?
    /// draft-ietf-oauth-client-id-metadata-document section 5.
    package var clientIDMetadataDocumentSupported: Bool?
    package var tokenEndpointAuthMethodsSupported: [String]?
    package var tokenEndpointAuthSigningAlgValuesSupported: [String]?
    package var revocationEndpointAuthMethodsSupported: [String]?
    package var introspectionEndpointAuthMethodsSupported: [String]?
    /// RFC 9449 section 5.1.
    package var dpopSigningAlgValuesSupported: [String]?
    /// OpenID Connect Discovery section 3 only.
    package var subjectTypesSupported: [String]?
    package var idTokenSigningAlgValuesSupported: [String]?
    /// RFC 8705 section 3.3.
    package var tlsClientCertificateBoundAccessTokens: Bool?

    package init(issuer: String) {
        self.issuer = issuer
        responseTypesSupported = []
    }

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case registrationEndpoint = "registration_endpoint"
        case responseModesSupported = "response_modes_supported"
        case codeChallengeMethodsSupported = "code_challenge_methods_supported"
        case authorizationResponseIssParameterSupported = "authorization_response_iss_parameter_supported"
        case clientIDMetadataDocumentSupported = "client_id_metadata_document_supported"
        case subjectTypesSupported = "subject_types_supported"
        case idTokenSigningAlgValuesSupported = "id_token_signing_alg_values_supported"
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
