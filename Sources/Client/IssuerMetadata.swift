package import Auth
import MCP

/// What an issuer says of itself, as far as a client acts on it (RFC 8414 section 2), judged by ``IssuerEvidence/checks``.
package struct IssuerMetadata: Sendable {
    package var issuer: WebAddress
    package var tokenEndpoint: WebAddress
    /// Nil where people do not log in.
    package var authorizationEndpoint: WebAddress?
    /// RFC 7591; nil where it is not offered, or not at a place that an issuer may name.
    package var registrationEndpoint: WebAddress?
    /// RFC 7009; nil likewise.
    package var revocationEndpoint: WebAddress?
    package var scopes: ScopeSet?
    /// How clients prove themselves at the token endpoint, nil when it does not say.
    package var methods: [String]?
    /// Whether it takes the address of a client's metadata document as the client's identifier.
    package var readsClientMetadata: Bool
    /// Whether it names itself in each authorization response (RFC 9207 section 3).
    package var namesItself: Bool

    /// Nil when the checks found no token endpoint.
    package init?(_ evidence: IssuerEvidence) {
        guard let tokenEndpoint = evidence.tokenEndpoint else { return nil }
        issuer = evidence.issuer
        self.tokenEndpoint = tokenEndpoint
        authorizationEndpoint = evidence.authorizationEndpoint
        registrationEndpoint = evidence.endpoint("registration_endpoint")
        revocationEndpoint = evidence.endpoint("revocation_endpoint")
        let document = evidence.document
        scopes = document["scopes_supported"]?.array.flatMap { listed in
            ScopeSet(parsing: listed.compactMap(\.string).joined(separator: " "))
        }
        methods = document["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
        readsClientMetadata = document["client_id_metadata_document_supported"]?.bool ?? false
        namesItself = document["authorization_response_iss_parameter_supported"]?.bool ?? false
    }

    /// Whether it takes a client that proves itself like that. Where nothing is listed, RFC 8414 section 2 says `client_secret_basic`;
    /// public clients, which prove nothing, are taken then too: many issuers leave `none` out.
    package func takes(_ method: String) -> Bool {
        methods?.contains(method) ?? (method == "client_secret_basic" || method == "none")
    }
}
