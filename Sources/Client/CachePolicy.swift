/// How a token cache is kept. Each member is one rule.
package struct CachePolicy: Sendable {
    /// Ends a lock.
    package typealias Release = @Sendable () -> Void

    /// The file's permissions: its owner's alone.
    package var mode: UInt32
    /// Takes the lock of a cache: a file that processes lock for as long as they read, ask and write. Throws when it is not free in time.
    package var lock: @Sendable (_ file: String, _ limit: Duration, ClientClock) async throws(ClientError) -> Release
    /// Whether a refresh that failed like that has ended the refresh token, so that it is taken out. Only the issuer's word does
    /// (RFC 6749 section 5.2): a network that failed, an issuer in trouble or too busy has ended nothing.
    package var ends: @Sendable (ClientError) -> Bool
    /// The tokens that are used for an owner: its own, and nobody else's.
    package var tokens: @Sendable (CacheContent, CachedTokens.Owner) -> CachedTokens?
    /// Who the client is at an issuer: what it was registered as there, and not elsewhere.
    package var registration: @Sendable (CacheContent, _ issuer: String) -> RegisteredClient?
    /// The issuer that a configured client's credentials belong to, where that is another than the one its server names now: they are then
    /// sent to neither (MCP authorization server binding).
    package var otherIssuer: @Sendable (CacheContent, CachedTokens.Owner) -> String?

    package static let standard = CachePolicy(
        mode: 0o600,
        lock: { (file, limit, clock) async throws(ClientError) in try await CacheLock.take(file, within: limit, clock: clock) },
        ends: { error in
            if case .refused(let refusal) = error, refusal.by == .issuer { refusal.error == "invalid_grant" } else { false }
        },
        tokens: { content, owner in content.tokens[owner] },
        registration: { content, issuer in content.registrations[issuer] },
        otherIssuer: { content, owner in
            let issuers = content.tokens.keys.filter { $0.clientID == owner.clientID && $0.resource == owner.resource }.map(\.issuer)
            return issuers.contains(owner.issuer) ? nil : issuers.min()
        })
}
