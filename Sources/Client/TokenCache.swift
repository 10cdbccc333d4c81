import Synchronization

/// Tokens and registrations, in a file that processes share, or in memory where there is none.
///
/// Whoever reads in order to write takes the lock before.
package final class TokenCache: Sendable {
    private let file: CacheFile?
    private let policy: CachePolicy
    private let clock: ClientClock
    private let memory = Mutex(CacheContent())

    /// - Parameter path: Nil: in memory.
    package init(path: String?, policy: CachePolicy, clock: ClientClock, report: @escaping @Sendable (String) -> Void) {
        file = path.map { CacheFile(path: $0, mode: policy.mode, report: report) }
        self.policy = policy
        self.clock = clock
    }

    /// Whether other processes may have put something there.
    package var isShared: Bool { file != nil }

    /// Until the result is called nobody else has it.
    package func lock(within limit: Duration) async throws(ClientError) -> CachePolicy.Release {
        guard let file else { return {} }
        return try await policy.lock(file.path + ".lock", limit, clock)
    }

    /// The same for a login that tokens of one issuer for one resource need: a person takes long, and tokens for other resources are not
    /// held up meanwhile. Whoever has it may take the other lock, not the other way round.
    package func lock(forLoginAt place: Discovery.Result, within limit: Duration) async throws(ClientError) -> CachePolicy.Release {
        guard let file else { return {} }
        // FNV-1a: two that happen to be the same only wait for each other.
        let name = "\(place.issuer.issuer.text) \(place.resource)".utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        return try await policy.lock("\(file.path).login-\(String(name, radix: 16)).lock", limit, clock)
    }

    package func read() throws(ClientError) -> CacheContent {
        guard let file else { return memory.withLock { $0 } }
        return try file.read()
    }

    /// Reads, changes and writes.
    package func update(_ change: (inout CacheContent) -> Void) throws(ClientError) {
        guard let file else { return memory.withLock { change(&$0) } }
        var content = try file.read()
        change(&content)
        try file.write(content)
    }
}
