package import Auth
import MCP

/// Finds out where to get a token for a server, from what the server says of itself, and believes nothing that does not fit.
package struct Discovery: Sendable {
    /// What is needed to ask for a token.
    package struct Result: Sendable {
        package var issuer: IssuerMetadata
        /// The `resource` of the token request (RFC 8707).
        package var resource: String
        /// What the resource's metadata lists, nil when nobody was asked or nothing is listed.
        package var scopes: ScopeSet?
    }

    private let server: WebAddress
    private let resource: String
    private let issuer: WebAddress?
    private let methods: [String]
    private let grant: OAuthGrant
    private let documents: MetadataDocuments
    private let parts: ClientParts

    /// - Parameters:
    ///   - resource: The server's resource identifier.
    ///   - issuer: The issuer that the client's credentials belong to; nil: the one that the server names.
    ///   - methods: How the client is able to prove itself to the issuer; empty when that is not known yet.
    package init(
        server: WebAddress, resource: String, issuer: WebAddress?, methods: [String], grant: OAuthGrant = .clientCredentials,
        parts: ClientParts, exchange: @escaping HTTPExchange
    ) {
        self.server = server
        self.resource = resource
        self.issuer = issuer
        self.methods = methods
        self.grant = grant
        self.parts = parts
        documents = MetadataDocuments(exchange: exchange)
    }

    package func discover(challenge: Challenge?) async throws(ClientError) -> Result {
        if let issuer { return Result(issuer: try await metadata(of: issuer), resource: resource, scopes: nil) }
        let evidence = try await resourceMetadata(challenge: challenge)
        guard let issuer = evidence.issuers.first else { throw .violation("the server names no token issuer", status: nil) }
        return Result(issuer: try await metadata(of: issuer), resource: evidence.resource, scopes: evidence.scopes)
    }

    /// What the resource's metadata lists now.
    package func scopes(challenge: Challenge?) async throws(ClientError) -> ScopeSet? {
        try await resourceMetadata(challenge: challenge).scopes
    }

    /// RFC 9728 section 5: the address in the challenge; without one, the well-known places of section 3.1: with the server's
    /// path behind, then at the root.
    private func resourceMetadata(challenge: Challenge?) async throws(ClientError) -> ResourceEvidence {
        for (address, identifiers) in try parts.resourceMetadataPlaces(server, resource, challenge) {
            guard let document = try await documents.get(address) else { continue }
            let evidence = ResourceEvidence(document: document, source: address, identifiers: identifiers)
            switch await parts.resourceChecks.verify(evidence, at: parts.clock.date()) {
            case .passed(let evidence): return evidence
            case .refused(let refusal, _): throw .violation("\(server.text) cannot be used: \(refusal.detail)", status: nil)
            }
        }
        throw .violation("\(server.text) wants a token and does not say who issues them (no protected resource metadata)", status: nil)
    }

    /// The first document in the order of the specification counts; one that is about somebody else ends the search.
    private func metadata(of issuer: WebAddress) async throws(ClientError) -> IssuerMetadata {
        for address in parts.issuerMetadataPlaces(issuer) {
            guard let document = try await documents.get(address) else { continue }
            switch await parts.issuerChecks.verify(
                IssuerEvidence(document: document, issuer: issuer, methods: methods, grant: grant), at: parts.clock.date())
            {
            case .passed(let evidence):
                guard let metadata = IssuerMetadata(evidence) else {
                    throw .violation("the token issuer has no token endpoint", status: nil)
                }
                return metadata
            case .refused(let refusal, _):
                throw .violation("the token issuer \(issuer.text) cannot be used: \(refusal.detail)", status: nil)
            }
        }
        throw .violation("the token issuer \(issuer.text) has no metadata (RFC 8414)", status: nil)
    }
}
