package import Auth
package import Foundation
package import HTTPTypes
package import OAuth
package import Serving
package import Store

/// The rules of the issuer, each a value of its own: the correct issuer is the standard assembly of them.
///
/// Whoever wants an issuer that is wrong in one point replaces one member; the members know nothing of that.
package struct IssuerParts: Sendable {
    /// What time it is. Only for validity; durations are measured otherwise.
    package var now: @Sendable () -> Date = { Date() }
    /// Reads a request's parameters, from the values of its `Content-Type` and its body.
    package var readForm: @Sendable ([String], [UInt8]) throws(OAuthError) -> FormParameters
    /// The methods of the endpoints that decide something (RFC 6749 section 3.2, RFC 7009 section 2.1, RFC 7662 section 2.1).
    package var decisionMethods: Set<String> = ["POST"]
    /// Reads what such an endpoint is asked.
    package var readParameters: @Sendable (IssuerRequest) async throws -> FormParameters
    /// Finds what a client presents, in the values of `Authorization` and in the parameters.
    package var readCredentials: @Sendable ([String], FormParameters) throws(OAuthError) -> ClientCredentials? = {
        (authorization, form) throws(OAuthError) in try ClientCredentials.find(authorization: authorization, form: form)
    }
    /// What `WWW-Authenticate` says where a client was not authenticated (RFC 6749 section 5.2).
    package var challenge: String? = #"Basic realm="token-issuer", charset="UTF-8""#
    /// What a client's assertion must be; nil where none is taken.
    package var assertions: Verifier<ClientAssertionEvidence>? {
        didSet {
            let check = ClientChecks.assertion(assertions)
            (clients, introspectors) = (clients.replacing("assertion", with: check), introspectors.replacing("assertion", with: check))
        }
    }
    /// Who a client is, at every endpoint that asks.
    package var clients: Verifier<ClientEvidence>
    /// Who may ask what a token is worth: the same, and the check `may-introspect`.
    package var introspectors: Verifier<ClientEvidence>
    /// What a proof of possession must be (RFC 9449).
    package var proofs: Verifier<DPoPEvidence>
    /// The nonces that proofs must carry; nil where none is asked for.
    package var nonces: DPoPNonces?
    package var grantType: GrantTypeRule
    /// Who may redeem an authorization code, and what becomes of it then.
    package var codes: Verifier<CodeEvidence>
    package var codeUse: CodeUseRule
    /// Who may exchange a refresh token, and what becomes of it then.
    package var refreshes: Verifier<RefreshEvidence>
    package var refreshUse: RefreshUseRule
    /// The text of the refresh token that one is exchanged for.
    package var successor: @Sendable (_ token: Secret<String>, _ key: Secret<[UInt8]>) -> Secret<String>
    /// Which of the two the client is given: the one it presented, or the newer one.
    package var toldRefreshToken: @Sendable (_ presented: Secret<String>, _ next: Secret<String>) -> Secret<String> = { $1 }
    /// Seconds that a refresh token lives when nobody uses it.
    package var refreshLifetime: Int
    package var scope: ScopeRule
    package var resource: ResourceRule
    package var lifetime: LifetimeRule
    package var claims: @Sendable (Grant) -> AccessTokenClaims
    /// Which of the published keys signs; they come newest first.
    package var signingKey: @Sendable ([SigningKeyRecord]) -> SigningKeyRecord?
    package var signer: TokenSigner
    /// What the client is told of a grant and its token.
    package var tokenAnswer: @Sendable (Grant, Secret<String>) -> TokenAnswer
    package var revocation: RevocationRule
    /// When a token counts as active.
    package var activity: Verifier<TokenEvidence>
    /// What is said of a token that is not active, from what is known of it and why it is not.
    package var inactive: @Sendable (TokenState?, Refusal) -> any Encodable & Sendable = { _, _ in TokenDescription.inactive }
    /// What is published of the keys, and how long others may keep it.
    package var keySet: @Sendable ([SigningKey]) -> [any Encodable & Sendable] = { $0.map(\.publicJWK) }
    /// A new key signs at once, so a copy is out of date whenever a token names a key that is not in it.
    package var keyCacheControl = "no-cache"
    /// Which of the keys whose overlap lasts are in the key set; they come newest first.
    package var publishedKeys: @Sendable ([SigningKeyRecord]) -> [SigningKeyRecord]
    /// What the issuer says of itself, by its identifier and the URL its endpoints are at.
    package var metadata: @Sendable (_ issuer: String, _ base: String) -> AuthorizationServerMetadata
    /// Which authorization requests are put before a user.
    package var authorizations: Verifier<AuthorizationEvidence>
    package var consent: ConsentRule
    package var passwords: Passwords
    /// What somebody is told whose name and password do not fit: the same whether or not there is such a user.
    package var loginRefusal: @Sendable (UserRecord?) -> String = { _ in "User name or password is wrong." }
    /// How often somebody may guess a password or a secret.
    package var guesses: any GuessLimiter
    /// Seconds that a login lasts.
    package var loginLifetime: Int
    /// Seconds that an authorization code lives.
    package var codeLifetime: Int
    /// What is sent to the redirection URI, from what the correct issuer would send.
    package var authorizationResponse: @Sendable (AuthorizationResponse) -> AuthorizationResponse = { $0 }
    /// The status that leads browsers on.
    package var redirectStatus = HTTPResponse.Status.seeOther
    /// What browsers are sent, from the page that the correct issuer would send.
    package var page: @Sendable (IssuerAnswer) -> IssuerAnswer = { $0 }
    /// Whether clients may register themselves, and what they may say of themselves then.
    package var takesRegistrations: Bool
    package var registrationMetadata: Verifier<ClientMetadataEvidence>
    package var registrations: RequestRate
    /// What fetches the documents of clients whose identifier is a URL; nil where none is taken. What they may say, and how often a
    /// source may make this issuer fetch one.
    package var documentFetcher: ClientDocumentFetcher? {
        didSet { documents = documentFetcher.map(Self.documents) }
    }
    private(set) var documents: ClientDocuments?
    package var documentMetadata: Verifier<ClientMetadataEvidence>
    package var documentRate: RequestRate
    /// The scopes of clients that nobody vouches for.
    package var openScopes: ScopeSet
    /// Where a request is written down before it is answered; a record that cannot be written is an error, and no answer is given.
    package var audit: any AuditSink
    /// The `Cache-Control` of answers that hold a token or say something of one (RFC 6749 section 5.1).
    package var tokenCacheControl: String? = "no-store"

    /// Answers a request: all of the above, by what is at its path.
    package var respond: @Sendable (IssuerEndpoints, IssuerRequest) async throws -> IssuerAnswer = { try await $0.respond(to: $1) }

    /// The correct issuer.
    ///
    /// - Parameter issuer: Its identifier, which assertions are meant for; nil while it is not known: none is taken then.
    package static func standard(configuration: IssuerConfiguration, issuer: String? = nil, audit: any AuditSink) -> IssuerParts {
        let assertions = issuer.map { ClientAssertionChecks.all(audiences: [$0], memory: ProofMemory()) }
        let fetcher = configuration.clientIDMetadata ? Self.fetcher(configuration) : nil
        let nonces = configuration.dpopNonces ? DPoPNonces() : nil
        return IssuerParts(
            readForm: { (contentType, body) throws(OAuthError) in try FormParameters(contentType: contentType, body: body) },
            readParameters: { request in
                // Secrets in a URL end up in logs (RFC 6749 section 2.3.1); the body is where parameters belong.
                guard request.query?.isEmpty ?? true else { throw OAuthError.invalidRequest("parameters do not belong into the URL") }
                return try FormParameters(contentType: request.contentType, body: try await request.readBody())
            },
            assertions: assertions, clients: ClientChecks.all(assertions: assertions),
            introspectors: ClientChecks.introspectors(assertions: assertions),
            proofs: DPoPChecks.all(nonces: nonces, memory: ProofMemory()), nonces: nonces,
            grantType: .standard,
            codes: CodeChecks.all,
            codeUse: .standard,
            refreshes: RefreshChecks.all,
            refreshUse: .standard(grace: configuration.refreshGraceSeconds),
            successor: { RefreshToken.successor(of: $0, key: $1) },
            refreshLifetime: configuration.refreshLifetimeSeconds,
            scope: .standard,
            resource: .standard(served: configuration.resources),
            lifetime: .standard(seconds: configuration.tokenLifetimeSeconds),
            claims: { AccessTokenClaims($0) },
            signingKey: { $0.first { $0.publishedUntil == nil } },
            signer: configuration.tokenFormat == .opaque ? .opaque : .standard,
            tokenAnswer: { TokenAnswer($0, token: $1) },
            revocation: .standard,
            activity: TokenStateChecks.all,
            publishedKeys: { $0 },
            metadata: {
                var metadata = IssuerMetadata.standard(
                    issuer: $0, base: $1, takesCertificates: configuration.clientCA != nil,
                    takesSelfSigned: configuration.selfSignedCertificates)
                IssuerMetadata.describeAuthorization(in: &metadata, base: $1, configuration)
                return metadata
            },
            authorizations: AuthorizationChecks.all,
            consent: .standard,
            passwords: Passwords(cost: configuration.passwordHashing),
            guesses: GuessLimits(),
            loginLifetime: configuration.loginLifetimeSeconds,
            codeLifetime: configuration.codeLifetimeSeconds,
            takesRegistrations: configuration.dynamicRegistration,
            registrationMetadata: ClientMetadataChecks.registration,
            registrations: RequestRate(burst: 100, perSecond: 1),
            documentFetcher: fetcher, documents: fetcher.map(Self.documents),
            documentMetadata: ClientMetadataChecks.document,
            documentRate: RequestRate(burst: 30, perSecond: 1),
            openScopes: configuration.openScopes,
            audit: audit)
    }

    private static func fetcher(_ configuration: IssuerConfiguration) -> ClientDocumentFetcher {
        ClientDocumentFetcher(authorities: configuration.clientIDMetadataCA, allowsPrivate: configuration.clientIDMetadataPrivate)
    }

    private static func documents(_ fetcher: ClientDocumentFetcher) -> ClientDocuments {
        ClientDocuments { (url) async throws(OAuthError) in try await fetcher.fetch(url) }
    }
}
