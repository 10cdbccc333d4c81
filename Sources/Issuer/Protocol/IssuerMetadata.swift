package import OAuth

/// What the issuer says of itself.
package enum IssuerMetadata {
    /// The document for clients that have credentials and no user (RFC 8414 section 2): no authorization endpoint.
    ///
    /// - Parameters:
    ///   - issuer: Exactly the `iss` of the tokens (section 3.3).
    ///   - base: The URL the endpoints are at, without a slash at its end.
    package static func standard(issuer: String, base: String) -> AuthorizationServerMetadata {
        let methods = [ClientCredentials.Method.basic.rawValue, ClientCredentials.Method.post.rawValue]
        var metadata = AuthorizationServerMetadata(issuer: issuer)
        metadata.tokenEndpoint = base + Endpoint.tokenPath
        metadata.revocationEndpoint = base + Endpoint.revocationPath
        metadata.introspectionEndpoint = base + Endpoint.introspectionPath
        metadata.jwksURI = base + Endpoint.keysPath
        metadata.grantTypesSupported = ["client_credentials"]
        metadata.tokenEndpointAuthMethodsSupported = methods
        metadata.revocationEndpointAuthMethodsSupported = methods
        metadata.introspectionEndpointAuthMethodsSupported = methods
        return metadata
    }
}
