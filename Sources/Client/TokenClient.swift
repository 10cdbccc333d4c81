import Auth
import MCP
import OAuth

import struct Foundation.Date

/// Comes by access tokens: finds the issuer, becomes known to it, and asks, by whatever it holds that is worth a token.
///
/// What it holds may be shared with other processes. Whoever asks has the lock from before it looks at what is there until the answer is
/// written down, so that a refresh token, which is good once, is used once.
package actor TokenClient {
    private let configuration: OAuthConfiguration
    private let discovery: Discovery
    private let registrar: Registrar
    private let cache: TokenCache
    private let parts: ClientParts
    /// Set where tokens are bound to a key.
    private let signer: DPoPSigner?
    private let endpoint: TokenEndpoint
    private var discovered: Discovery.Result?
    /// Scopes that the server has asked for so far.
    private var challenged: ScopeSet?
    /// The last authorization that came to nothing: a person is not asked again for each call.
    private var denial: (until: SuspendingClock.Instant, error: ClientError)?
    /// How long other processes may take: a few questions to an issuer that is slow, or asks to wait.
    private static let lockPatience = Duration.seconds(120)
    /// The token that the last login brought, whether it had to be because the one before brought a token that was refused, and until when
    /// it is a bad sign when this one is too.
    private var login: (token: Secret<String>, isSecond: Bool, until: SuspendingClock.Instant)?
    /// How often a person was asked.
    package private(set) var authorizations = 0

    package init(
        configuration: OAuthConfiguration, discovery: Discovery, cache: TokenCache, parts: ClientParts, signer: DPoPSigner? = nil,
        patience: Duration = .seconds(30), exchange: @escaping HTTPExchange
    ) {
        self.configuration = configuration
        self.discovery = discovery
        self.cache = cache
        self.parts = parts
        self.signer = signer
        registrar = Registrar(configuration: configuration, parts: parts, exchange: exchange)
        endpoint = TokenEndpoint(configuration: configuration, parts: parts, signer: signer, patience: patience, exchange: exchange)
    }

    /// How many requests went to the token endpoint.
    package var requests: Int {
        get async { await endpoint.requests }
    }

    package func obtain(_ need: TokenNeed) async throws(ClientError) -> TokenGrant {
        let place = try await place(challenge: need.challenge)
        if let scopes = need.challenge?.scopes {
            challenge(scopes)
        } else if need.widens, let listed = try await discovery.scopes(challenge: need.challenge) {
            // The server asks for more and does not say what: what its metadata lists, then.
            challenge(listed)
        }
        switch try await attempt(need, at: place) {
        case .grant(let grant): return grant
        // A person is not troubled before it must be.
        case .login(_, let held?) where isSpare(held, need): return held.grant
        case .login: break
        }
        // The tokens of two logins refused so soon: a third would bring one more of the kind.
        let isVain = login.map { $0.token.reveal() == need.refused?.reveal() && parts.clock.uptime() < $0.until } ?? false
        if isVain, !need.widens, login?.isSecond == true {
            throw .refused(ClientRefusal(by: .server, status: 401, error: "invalid_token"))
        }
        // One process asks the person; the others wait here, and not where they would hold up other servers' tokens.
        let release = try await cache.lock(forLoginAt: place, within: parts.loginPatience + .seconds(60))
        defer { release() }
        switch try await attempt(need, at: place) {
        case .grant(let grant): return grant
        case .login(let client, let held):
            let grant = try await authorized(client, held, at: place)
            login = (grant.token, isSecond: isVain && !need.widens, until: parts.clock.uptime().advanced(by: .seconds(60)))
            return grant
        }
    }

    private enum Attempt {
        case grant(TokenGrant)
        /// Only a person can give what is needed.
        case login(RegisteredClient?, CachedTokens?)
    }

    /// By what there is, under the lock.
    private func attempt(_ need: TokenNeed, at place: Discovery.Result) async throws(ClientError) -> Attempt {
        // Nobody waits long for a newer token while there is one that is still good: another process may be asking an issuer that is silent.
        let spare = try held(at: place).held.flatMap { isSpare($0, need) ? $0 : nil }
        let release: CachePolicy.Release
        do throws(ClientError) {
            release = try await cache.lock(within: spare == nil ? Self.lockPatience : .seconds(1))
        } catch {
            guard let spare else { throw error }
            if let key = spare.key { try signer?.adopt(key) }
            return .grant(spare.grant)
        }
        defer { release() }
        let (client, held) = try held(at: place)
        if let key = held?.key { try signer?.adopt(key) }
        if cache.isShared, let held, serves(held, need) { return .grant(held.grant) }
        // Nothing more to ask for: what is wanted is none of what is known.
        if need.widens, need.challenge?.scopes == nil, held?.scopes.isSuperset(of: challenged ?? []) == true {
            throw .refused(ClientRefusal(by: .server, status: 403, error: "insufficient_scope"))
        }
        switch configuration.grant {
        case .clientCredentials:
            guard let client else { throw .local("the client has no identifier") }
            let scopes = scopes(at: place, held: need.widens ? held : nil)
            do throws(ClientError) {
                let grant = try await endpoint.ask(.clientCredentials, as: client, at: place, scopes: scopes)
                return .grant(keep(tokens(grant, of: client, at: place, asked: scopes)))
            } catch {
                guard cache.isShared, let held, isSpare(held, need) else { throw error }
                return .grant(held.grant)
            }
        case .authorizationCode:
            if let client, let held, !need.widens, let grant = try await refreshed(held, need, as: client, at: place) {
                return .grant(grant)
            }
            return .login(client, held)
        }
    }

    // MARK: What is there

    /// Found once: an issuer that a server names later does not get the secret of the one it named first
    /// (MCP authorization, credentials keyed by issuer).
    private func place(challenge: Challenge?) async throws(ClientError) -> Discovery.Result {
        if let discovered { return discovered }
        let found = try await discovery.discover(challenge: challenge)
        discovered = found
        return found
    }

    private func owner(at place: Discovery.Result, _ client: RegisteredClient) -> CachedTokens.Owner {
        CachedTokens.Owner(issuer: place.issuer.issuer.text, resource: place.resource, clientID: client.id)
    }

    /// Who the client is there, and what is held for it.
    private func held(at place: Discovery.Result) throws(ClientError) -> (client: RegisteredClient?, held: CachedTokens?) {
        let content = try cache.read()
        guard let client = try registrar.known(at: place, in: content) else { return (nil, nil) }
        let held = parts.cache.tokens(content, owner(at: place, client))
        // Tokens that are bound to a key are of no use without it, and others of none with one.
        return (client, (held?.key == nil) == (signer == nil) ? held : nil)
    }

    /// Whether an access token is good until its end, though it may be due for renewal.
    private func isSpare(_ held: CachedTokens, _ need: TokenNeed) -> Bool {
        !need.widens && held.accessToken.reveal() != need.refused?.reveal() && parts.clock.date() < held.expiry
    }

    /// Whether what another process has put there does: another token than the one refused, not yet due for renewal, and reaching as far
    /// as is asked for now.
    private func serves(_ held: CachedTokens, _ need: TokenNeed) -> Bool {
        guard held.accessToken.reveal() != need.refused?.reveal(),
            parts.clock.date() < held.expiry.addingTimeInterval(-parts.lifetime.margin(held.lifetime))
        else { return false }
        return !need.widens || held.scopes.isSuperset(of: challenged ?? [])
    }

    private func scopes(at place: Discovery.Result, held: CachedTokens?) -> ScopeSet? {
        parts.scopes(
            ScopeSelection(
                configured: ScopeSet(configuration.scopes), challenged: challenged, held: held?.scopes ?? [], resource: place.scopes,
                issuer: place.issuer.scopes, grant: configuration.grant))
    }

    private func challenge(_ scopes: ScopeSet) {
        challenged = ScopeSet((challenged?.scopes ?? []).union(scopes.scopes))
    }

    // MARK: Asking

    /// By the refresh token. Nil when there is none, or it has ended: then a person must be asked.
    private func refreshed(
        _ held: CachedTokens, _ need: TokenNeed, as client: RegisteredClient, at place: Discovery.Result
    ) async throws(ClientError) -> TokenGrant? {
        var held = held
        // Twice at most: a second time only when somebody without the lock has put another refresh token there meanwhile.
        for _ in 0..<2 {
            guard let token = held.refreshToken else { return nil }
            do throws(ClientError) {
                // The scope is left out: it stays what it was (RFC 6749 section 6).
                let grant = try await endpoint.ask(.refreshToken(token), as: client, at: place)
                var tokens = tokens(grant, of: client, at: place, asked: held.scopes)
                // The one that was used stays where the issuer gave no other.
                if tokens.refreshToken == nil { tokens.refreshToken = token }
                return keep(tokens)
            } catch {
                let isUnknown = client.origin == .dynamic && error.isUnknownClient
                guard parts.cache.ends(error) || isUnknown else {
                    // No reason to fail.
                    if isSpare(held, need) { return held.grant }
                    throw error
                }
                guard let other = try drop(token, of: held.owner, forgetting: isUnknown) else { return nil }
                held = other
                if serves(held, need) { return held.grant }
            }
        }
        return nil
    }

    /// Takes out a refresh token that has ended, and only that very one.
    ///
    /// - Parameter forgetting: Whether the issuer does not know the client any more.
    /// - Returns: What somebody else has put in its place.
    private func drop(
        _ token: Secret<String>, of owner: CachedTokens.Owner, forgetting: Bool
    ) throws(ClientError) -> CachedTokens? {
        var other: CachedTokens?
        try cache.update { content in
            if let now = content.tokens[owner], let kept = now.refreshToken, kept.reveal() != token.reveal() {
                other = now
                return
            }
            content.tokens[owner]?.refreshToken = nil
            if forgetting, content.registrations[owner.issuer]?.id == owner.clientID { content.registrations[owner.issuer] = nil }
        }
        return other
    }

    /// By a person's consent.
    private func authorized(
        _ known: RegisteredClient?, _ held: CachedTokens?, at place: Discovery.Result
    ) async throws(ClientError) -> TokenGrant {
        if let denial, parts.clock.uptime() < denial.until { throw denial.error }
        // Read again: a registration may just have been forgotten.
        let known = known?.origin == .dynamic ? try registrar.known(at: place, in: try cache.read()) : known
        let listener = try await RedirectListener.open(configuration.redirectURI ?? .standard, preferring: known?.redirectPort)
        defer { listener.close() }
        let client: RegisteredClient
        if let known { client = known } else { client = try await register(at: place, redirectURI: listener.uri) }
        let scopes = scopes(at: place, held: held)
        authorizations += 1
        do throws(ClientError) {
            let code = try await AuthorizationFlow(parts: parts, browser: configuration.browser).code(
                from: place.issuer, client: client, scopes: scopes, resource: place.resource, keyThumbprint: signer?.key.thumbprint,
                listener: listener)
            let grant = try await endpoint.ask(
                .authorizationCode(code.code, verifier: code.verifier, redirectURI: code.redirectURI), as: client, at: place)
            let tokens = tokens(grant, of: client, at: place, asked: scopes)
            let release = try await cache.lock(within: Self.lockPatience)
            defer { release() }
            return keep(tokens)
        } catch {
            denial = (parts.clock.uptime().advanced(by: .seconds(10)), error)
            throw error
        }
    }

    private func register(at place: Discovery.Result, redirectURI: String) async throws(ClientError) -> RegisteredClient {
        let client = try await registrar.register(at: place.issuer, redirectURI: redirectURI)
        let release = try await cache.lock(within: Self.lockPatience)
        defer { release() }
        try cache.update { $0.registrations[place.issuer.issuer.text] = client }
        return client
    }

    private func tokens(
        _ grant: TokenGrant, of client: RegisteredClient, at place: Discovery.Result, asked: ScopeSet?
    ) -> CachedTokens {
        CachedTokens(
            owner: owner(at: place, client), accessToken: grant.token, since: grant.since ?? parts.clock.date(), lifetime: grant.lifetime,
            refreshToken: grant.refreshToken, scopes: ScopeSet((grant.scopes?.scopes ?? []).union(asked?.scopes ?? [])),
            key: signer?.key.pem)
    }

    /// Writes down what the issuer gave, before anybody uses it. To be called under the lock.
    private func keep(_ tokens: CachedTokens) -> TokenGrant {
        do throws(ClientError) {
            try cache.update { $0.tokens[tokens.owner] = tokens }
        } catch {
            // The token is good all the same.
            parts.report("tokens could not be kept: \(error)")
        }
        return tokens.grant
    }
}

extension ClientError {
    /// Whether the issuer does not know the client.
    fileprivate var isUnknownClient: Bool {
        if case .refused(let refusal) = self, refusal.by == .issuer { refusal.error == "invalid_client" } else { false }
    }
}
