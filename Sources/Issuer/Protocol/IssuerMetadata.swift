package import OAuth
import Store

/// What the issuer says of itself.
package enum IssuerMetadata {
    /// The document for clients that have credentials and no user (RFC 8414 section 2): no authorization endpoint.
    ///
    /// - Parameters:
    ///   - issuer: Exactly the `iss` of the tokens (section 3.3).
    ///   - base: The URL the endpoints are at, without a slash at its end.
    ///   - takesCertificates: Whether clients can show a certificate.
    ///   - takesSelfSigned: Whether that may be one of their own making.
    package static func standard(
        issuer: String, base: String, takesCertificates: Bool, takesSelfSigned: Bool = false
    ) -> AuthorizationServerMetadata {
        let confidential =
            [ClientCredentials.Method.basic, .post, .assertion].map(\.rawValue)
            + (takesCertificates ? [ClientAuthentication.certificate.rawValue] : [])
            + (takesSelfSigned ? [ClientAuthentication.selfSignedCertificate.rawValue] : [])
        let methods = confidential + [ClientCredentials.Method.name.rawValue]
        let algorithms = SigningAlgorithm.allCases.map(\.rawValue)
        var metadata = AuthorizationServerMetadata(issuer: issuer)
        metadata.tokenEndpoint = base + Endpoint.tokenPath
        metadata.revocationEndpoint = base + Endpoint.revocationPath
        metadata.introspectionEndpoint = base + Endpoint.introspectionPath
        metadata.jwksURI = base + Endpoint.keysPath
        metadata.grantTypesSupported = GrantType.allCases.map(\.rawValue)
        metadata.tokenEndpointAuthMethodsSupported = methods
        metadata.revocationEndpointAuthMethodsSupported = methods
        metadata.introspectionEndpointAuthMethodsSupported = confidential
        metadata.tokenEndpointAuthSigningAlgValuesSupported = algorithms
        metadata.dpopSigningAlgValuesSupported = algorithms
        metadata.tlsClientCertificateBoundAccessTokens = takesCertificates ? true : nil
        return metadata
    }
}
