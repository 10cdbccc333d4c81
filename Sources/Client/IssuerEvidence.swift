package import Auth
package import MCP

/// An authorization server's metadata (RFC 8414 section 2) with the issuer it was fetched for.
package struct IssuerEvidence: Sendable {
    package var document: JSONValue
    package var issuer: WebAddress
    /// How the client is able to prove itself, as metadata spells it: one of these must do. Empty: not known yet.
    package var methods: [String]
    package var grant: OAuthGrant
    /// Added by the checks.
    package var tokenEndpoint: WebAddress?
    package var authorizationEndpoint: WebAddress?

    package init(
        document: JSONValue, issuer: WebAddress, methods: [String] = ["client_secret_basic"], grant: OAuthGrant = .clientCredentials
    ) {
        self.document = document
        self.issuer = issuer
        self.methods = methods
        self.grant = grant
    }

    /// An endpoint, when there is one at a place that this issuer may name.
    package func endpoint(_ member: String) -> WebAddress? {
        guard let address = document[member]?.string.flatMap(WebAddress.init), address.mayBeNamed(by: issuer) else { return nil }
        return address
    }

    package static let checks = Verifier<IssuerEvidence>([
        // RFC 8414 section 3.3: identical, without normalisation; otherwise the document MUST NOT be used.
        Check("issuer") { evidence, _ in
            guard evidence.document["issuer"]?.string?.utf8.elementsEqual(evidence.issuer.text.utf8) == true else {
                return Refusal(.issuer, "its metadata is not about the issuer \(evidence.issuer.text)")
            }
            return nil
        },
        // The client's secret goes there: over TLS when the issuer has it, and to no private place that the issuer is not in.
        Check("token-endpoint") { evidence, _ in
            guard let endpoint = evidence.document["token_endpoint"]?.string.flatMap(WebAddress.init) else {
                return Refusal(.claims, "its metadata has no usable token_endpoint")
            }
            guard endpoint.mayBeNamed(by: evidence.issuer) else {
                return Refusal(.claims, "its token_endpoint \(endpoint.origin) is not a place for a secret")
            }
            evidence.tokenEndpoint = endpoint
            return nil
        },
        // RFC 8414 section 2: authorization_code is among the grants where the member is absent.
        Check("grant-type") { evidence, _ in
            let supported = evidence.document["grant_types_supported"]?.array
            guard supported?.contains(.string(evidence.grant.rawValue)) ?? true else {
                return Refusal(.claims, "it does not offer the grant \(evidence.grant.rawValue)")
            }
            return nil
        },
        // A browser goes there: http or https, and nothing that would run in the browser or read files (MCP security best practices,
        // OAuth authorization URL validation).
        Check("authorization-endpoint") { evidence, _ in
            guard evidence.grant == .authorizationCode else { return nil }
            guard let endpoint = evidence.document["authorization_endpoint"]?.string.flatMap(WebAddress.init) else {
                return Refusal(.claims, "its metadata has no usable authorization_endpoint")
            }
            guard endpoint.mayBeNamed(by: evidence.issuer) else {
                return Refusal(.claims, "its authorization_endpoint \(endpoint.origin) is not a place to log in at")
            }
            guard evidence.document["response_types_supported"]?.array?.contains("code") ?? true else {
                return Refusal(.claims, "it does not offer the response type code")
            }
            evidence.authorizationEndpoint = endpoint
            return nil
        },
        // MCP authorization code protection: without the member the client MUST refuse, in either form of metadata.
        Check("code-challenge-method") { evidence, _ in
            guard evidence.grant == .authorizationCode else { return nil }
            guard evidence.document["code_challenge_methods_supported"]?.array?.contains("S256") == true else {
                return Refusal(.claims, "it does not say that it supports PKCE with S256 (code_challenge_methods_supported)")
            }
            return nil
        },
        Check("client-authentication") { evidence, _ in
            let supported = evidence.document["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
            // RFC 8414 section 2: client_secret_basic where the member is absent; for public clients see IssuerMetadata.takes.
            let taken = Set(supported ?? ["client_secret_basic", "none"])
            guard evidence.methods.isEmpty || !taken.isDisjoint(with: evidence.methods) else {
                return Refusal(.claims, "it does not take \(evidence.methods.joined(separator: " or "))")
            }
            return nil
        },
    ])
}
