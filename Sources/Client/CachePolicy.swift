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

    package static let standard = CachePolicy(
        mode: 0o600,
        lock: { (file, limit, clock) async throws(ClientError) in try await CacheLock.take(file, within: limit, clock: clock) },
        ends: { error in
            if case .refused(let refusal) = error, refusal.by == .issuer { refusal.error == "invalid_grant" } else { false }
        })
}
