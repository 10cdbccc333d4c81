package import Auth
package import MCP

/// An authorization server's metadata (RFC 8414 section 2) with the issuer it was fetched for.
package struct IssuerEvidence: Sendable {
    package var document: JSONValue
    package var issuer: WebAddress
    /// How the client will prove itself, as metadata spells it.
    package var method: String
    /// Added by the checks.
    package var tokenEndpoint: WebAddress?

    package init(document: JSONValue, issuer: WebAddress, method: String = "client_secret_basic") {
        self.document = document
        self.issuer = issuer
        self.method = method
    }

    package static let checks = Verifier<IssuerEvidence>([
        // RFC 8414 section 3.3: identical, without normalisation; otherwise the document MUST NOT be used.
        Check("issuer") { evidence, _ in
            guard evidence.document["issuer"]?.string == evidence.issuer.text else {
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
        Check("grant-type") { evidence, _ in
            let supported = evidence.document["grant_types_supported"]?.array
            guard supported?.contains("client_credentials") ?? true else {
                return Refusal(.claims, "it does not offer the grant client_credentials")
            }
            return nil
        },
        // RFC 8414 section 2: client_secret_basic where the member is absent.
        Check("client-authentication") { evidence, _ in
            let supported = evidence.document["token_endpoint_auth_methods_supported"]?.array
            guard supported?.contains(.string(evidence.method)) ?? (evidence.method == "client_secret_basic") else {
                return Refusal(.claims, "it does not take \(evidence.method)")
            }
            return nil
        },
    ])
}
