package import Auth

/// What a client is made of. The correct client is the standard assembly; each part states one rule and can be looked at, tested
/// and replaced alone.
package struct ClientParts: Sendable {
    package var clock: ClientClock
    package var connection: ConnectionPolicy
    /// Where a protected resource's metadata is looked for.
    package var resourceMetadataPlaces: @Sendable (WebAddress, String, Challenge?) throws(ClientError) -> MetadataPlaces.Resource
    package var resourceChecks: Verifier<ResourceEvidence>
    package var issuerMetadataPlaces: @Sendable (WebAddress) -> [WebAddress]
    package var issuerChecks: Verifier<IssuerEvidence>
    package var tokenRequest: @Sendable (TokenRequest) -> HTTPCall
    package var tokenChecks: Verifier<TokenAnswer>
    package var lifetime: TokenLifetime
    /// Makes the source of access tokens over a way to ask for one.
    package var tokenSource: @Sendable (TokenSourceNeeds) -> any CredentialSource
    /// Puts the credential on a call.
    package var present: @Sendable (BearerCredential, inout HTTPCall) -> Void
    /// How many times a call is made again with another credential after a 401.
    package var recoveries: Int
    /// Takes sentences for the operator.
    package var report: @Sendable (String) -> Void

    package static func standard(report: @escaping @Sendable (String) -> Void) -> ClientParts {
        ClientParts(
            clock: .system, connection: .standard, resourceMetadataPlaces: MetadataPlaces.resource, resourceChecks: ResourceEvidence.checks,
            issuerMetadataPlaces: MetadataPlaces.issuer, issuerChecks: IssuerEvidence.checks, tokenRequest: TokenRequest.form,
            tokenChecks: TokenAnswer.checks, lifetime: .standard,
            tokenSource: { needs in
                TokenSource(
                    lifetime: needs.lifetime, clock: needs.clock, knowsIssuer: needs.knowsIssuer, widens: needs.widens, fetch: needs.fetch)
            },
            // RFC 6750 section 2.1, and nowhere else: not in the address (section 2.3), not in a body.
            present: { credential, call in call.fields["Authorization"] = "Bearer \(credential.value.reveal())" },
            recoveries: 1, report: report)
    }
}

/// What a source of access tokens is made from.
package struct TokenSourceNeeds: Sendable {
    package var lifetime: TokenLifetime
    package var clock: ClientClock
    package var knowsIssuer: Bool
    package var widens: Bool
    package var fetch: TokenSource.Fetch
}
