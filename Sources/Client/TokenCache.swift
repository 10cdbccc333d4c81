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
