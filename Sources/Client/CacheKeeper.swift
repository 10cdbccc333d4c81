import Auth
package import MCP

import struct Foundation.Date

/// What a person does with a token cache: looks at what it holds, and gives it back.
package struct CacheKeeper: Sendable {
    /// Which tokens are meant: those that fit all that is given.
    package struct Selection: Sendable {
        package var issuer: String?
        package var resource: String?
        package var clientID: String?

        package init(issuer: String? = nil, resource: String? = nil, clientID: String? = nil) {
            self.issuer = issuer
            self.resource = resource
            self.clientID = clientID
        }

        func fits(_ owner: CachedTokens.Owner) -> Bool {
            owner.issuer == issuer ?? owner.issuer && owner.resource == resource ?? owner.resource
                && owner.clientID == clientID ?? owner.clientID
        }
    }

    private let cache: TokenCache
    private let configuration: OAuthConfiguration?
    private let parts: ClientParts
    private let exchange: HTTPExchange

    /// - Parameters:
    ///   - configuration: Proves to an issuer whose tokens are given back, where the cache alone does not: its client's secret or key.
    package init(path: String, configuration: OAuthConfiguration?, parts: ClientParts, exchange: @escaping HTTPExchange) {
        cache = TokenCache(path: path, policy: parts.cache, clock: parts.clock, report: parts.report)
        self.configuration = configuration
        self.parts = parts
        self.exchange = parts.connection.guarding(exchange)
    }

    package func content() throws(ClientError) -> CacheContent { try cache.read() }

    /// Takes tokens out, and registrations at issuers with which nothing is left.
    ///
    /// - Parameter revokes: Whether the issuer is told first (RFC 7009). When it cannot be, its tokens stay, and the error is thrown.
    /// - Returns: Whose tokens they were, and whether their issuer has revoked them.
    package func forget(_ selection: Selection, revokes: Bool) async throws(ClientError) -> [(owner: CachedTokens.Owner, isRevoked: Bool)] {
        let release = try await cache.lock(within: .seconds(120))
        defer { release() }
        var forgotten: [(CachedTokens.Owner, Bool)] = []
        let content = try cache.read()
        let meant = content.tokens.values.filter { selection.fits($0.owner) }
        for tokens in meant.sorted(by: { ($0.owner.issuer, $0.owner.resource) < ($1.owner.issuer, $1.owner.resource) }) {
            let isRevoked = revokes ? try await revoke(tokens, registration: content.registrations[tokens.owner.issuer]) : false
            try cache.update { content in
                content.tokens[tokens.owner] = nil
                if !content.tokens.keys.contains(where: { $0.issuer == tokens.owner.issuer }) {
                    content.registrations[tokens.owner.issuer] = nil
                }
            }
            forgotten.append((tokens.owner, isRevoked))
        }
        return forgotten
    }

    /// - Returns: False when the issuer has no word for it: the tokens then live until they end.
    private func revoke(_ tokens: CachedTokens, registration: RegisteredClient?) async throws(ClientError) -> Bool {
        guard let address = WebAddress(tokens.owner.issuer) else { throw .local("\(tokens.owner.issuer) is no address of an issuer") }
        var parts = parts
        // Whatever else it offers is of no account here.
        parts.issuerChecks = IssuerEvidence.checks.dropping("grant-type").dropping("client-authentication")
        let place = try await Discovery(
            server: address, resource: tokens.owner.resource, issuer: address, methods: [], parts: parts, exchange: exchange
        ).discover(challenge: nil)
        guard let endpoint = place.issuer.revocationEndpoint else { return false }
        let (client, proof) = try await client(of: tokens.owner, registration, at: place.issuer)
        // The end of the refresh token is the end of the access tokens that came from it (RFC 7009 section 2.1), if the issuer does as it
        // should; the access token is named too, for one that does not.
        for (token, hint) in [(tokens.refreshToken, "refresh_token"), (tokens.accessToken, "access_token")] {
            guard let token else { continue }
            var call = TokenRequest.call(
                to: endpoint, [("token", token.reveal()), ("token_type_hint", hint)], clientID: client.id, proof: proof)
            call.showsCertificate = configuration?.showsCertificate ?? false
            let answer = try await exchange(call)
            guard answer.status == 200 else {
                let error = (try? JSONValue(parsing: answer.body))?["error"]?.string.flatMap(ErrorCode.init)?.text
                throw .refused(ClientRefusal(by: .issuer, status: answer.status, error: error, retryAfter: answer.retryAfter))
            }
        }
        return true
    }

    private func client(
        of owner: CachedTokens.Owner, _ registration: RegisteredClient?, at issuer: IssuerMetadata
    ) async throws(ClientError) -> (RegisteredClient, TokenRequest.Proof) {
        let now = parts.clock.date()
        if let registration, registration.id == owner.clientID {
            let configuration = configuration ?? OAuthConfiguration(issuer: nil, clientID: nil)
            return (registration, try await configuration.proof(of: registration, to: issuer.issuer, at: now))
        }
        guard let configuration, configuration.clientID == owner.clientID else {
            return (RegisteredClient(id: owner.clientID, origin: .configured, method: "none"), .none)
        }
        let method = configuration.methods.first(where: issuer.takes) ?? configuration.methods[0]
        let client = RegisteredClient(id: owner.clientID, origin: .configured, method: method)
        return (client, try await configuration.proof(of: client, to: issuer.issuer, at: now))
    }
}

extension CachedTokens {
    /// For a person to look at: whose they are and how long they last, and nothing that opens a door.
    package var summary: JSONValue {
        [
            "issuer": .string(owner.issuer), "resource": .string(owner.resource), "client_id": .string(owner.clientID),
            "scope": .string(scopes.description), "expires_at": .integer(Int(expiry.timeIntervalSince1970.rounded(.down))),
            "refresh_token": .bool(refreshToken != nil), "dpop": .bool(key != nil),
        ]
    }
}
