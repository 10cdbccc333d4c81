package import Auth
import OAuth

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
    /// Which scopes are asked for; nil: the parameter is left out.
    package var scopes: @Sendable (ScopeSelection) -> ScopeSet?
    /// A new `state` for an authorization request.
    package var state: @Sendable () -> Secret<String>
    /// A new verifier for an authorization request (RFC 7636 section 4.1).
    package var verifier: @Sendable () -> Secret<String>
    /// The parameters of an authorization request.
    package var authorizationRequest: @Sendable (AuthorizationRequest) -> [(name: String, value: String)]
    package var answerChecks: Verifier<AuthorizationAnswerEvidence>
    /// Has a program show an address to a person, and says with which status it ended.
    package var show:
        @Sendable (_ program: [String], _ address: String, _ ended: @escaping @Sendable (Int32) -> Void) throws(ClientError) -> Void
    /// How long a person may take to log in.
    package var loginPatience: Duration
    package var tokenRequest: @Sendable (TokenRequest) -> HTTPCall
    package var tokenChecks: Verifier<TokenAnswer>
    /// How tokens are kept for other processes.
    package var cache: CachePolicy
    package var lifetime: TokenLifetime
    /// Makes the source of access tokens over a way to ask for one.
    package var tokenSource: @Sendable (TokenSourceNeeds) -> any CredentialSource
    /// Puts the credential on a call.
    package var present: @Sendable (BearerCredential, inout HTTPCall) -> Void
    /// How many times a call is made again with another credential after a 401.
    package var recoveries: Int
    /// Whether another token, for more scopes, is asked for after a 403: from what is remembered, the upgrade, and those of the same call.
    package var allowsStepUp: @Sendable (StepUps, StepUps.Key, [StepUps.Key]) -> Bool
    /// How often, and when, a request that was refused before it was looked at is made again.
    package var retries: Retries
    /// Takes sentences for the operator.
    package var report: @Sendable (String) -> Void
    /// Takes the address where a person is to log in, with a sentence around it, where no browser is configured.
    package var invite: @Sendable (String) -> Void

    package static func standard(report: @escaping @Sendable (String) -> Void) -> ClientParts {
        ClientParts(
            clock: .system, connection: .standard, resourceMetadataPlaces: MetadataPlaces.resource, resourceChecks: ResourceEvidence.checks,
            issuerMetadataPlaces: MetadataPlaces.issuer, issuerChecks: IssuerEvidence.checks,
            scopes: ScopeSelection.standard, state: { ProofKey.verifier() }, verifier: { ProofKey.verifier() },
            authorizationRequest: AuthorizationRequest.parameters, answerChecks: AuthorizationAnswerEvidence.checks,
            show: { (program, address, ended) throws(ClientError) in try Browser.open(program, address: address, ended: ended) },
            loginPatience: .seconds(300), tokenRequest: TokenRequest.form, tokenChecks: TokenAnswer.checks, cache: .standard,
            lifetime: .standard,
            tokenSource: { needs in
                TokenSource(
                    lifetime: needs.lifetime, clock: needs.clock, knowsIssuer: needs.knowsIssuer, widens: needs.widens, fetch: needs.fetch)
            },
            // RFC 6750 section 2.1, and nowhere else: not in the address (section 2.3), not in a body.
            present: { credential, call in call.fields["Authorization"] = "Bearer \(credential.value.reveal())" },
            recoveries: 1, allowsStepUp: { $0.allows($1, after: $2) }, retries: .standard, report: report,
            invite: { StandardStreams.complain($0) })
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
