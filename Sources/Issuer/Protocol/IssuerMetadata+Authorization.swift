import Auth
import OAuth

extension IssuerMetadata {
    /// Adds what clients with users need to know (RFC 8414 section 2, RFC 7591, RFC 7636, RFC 9207).
    static func describeAuthorization(
        in metadata: inout AuthorizationServerMetadata, base: String, _ configuration: IssuerConfiguration
    ) {
        metadata.authorizationEndpoint = base + Endpoint.authorizationPath
        metadata.registrationEndpoint = configuration.dynamicRegistration ? base + Endpoint.registrationPath : nil
        metadata.responseTypesSupported = ["code"]
        metadata.responseModesSupported = ["query"]
        metadata.codeChallengeMethodsSupported = [ProofKey.method]
        metadata.authorizationResponseIssParameterSupported = true
        metadata.clientIDMetadataDocumentSupported = configuration.clientIDMetadata ? true : nil
        metadata.scopesSupported = configuration.openScopes.scopes.sorted()
    }
}
