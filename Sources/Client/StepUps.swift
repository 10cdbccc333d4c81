package import Auth
import Synchronization

/// How far a client goes after 403 `insufficient_scope` (MCP authorization, step-up), and what it remembers of having gone in vain.
package final class StepUps: Sendable {
    /// An operation at a resource, and the scopes that it was said to need.
    package struct Key: Sendable, Hashable {
        package var resource: String
        package var operation: String
        package var scopes: ScopeSet

        package init(resource: String, operation: String, scopes: ScopeSet) {
            self.resource = resource
            self.operation = operation
            self.scopes = scopes
        }
    }

    private let limit: Int
    private let memory: Duration
    private let clock: ClientClock
    private let failed = Mutex<[Key: SuspendingClock.Instant]>([:])

    /// - Parameters:
    ///   - limit: How many wider tokens one call may cost.
    ///   - memory: For how long an upgrade that did not help is not tried again: somebody may give the client more meanwhile.
    package init(limit: Int = 2, memory: Duration = .seconds(300), clock: ClientClock) {
        self.limit = limit
        self.memory = memory
        self.clock = clock
    }

    /// Whether a wider token is worth asking for.
    ///
    /// - Parameter tried: The upgrades of this call so far: the same challenge again means that they do not help.
    package func allows(_ key: Key, after tried: [Key]) -> Bool {
        guard tried.count < limit, !tried.contains(key) else { return false }
        return failed.withLock { failed in failed[key].map { $0 <= clock.uptime() } ?? true }
    }

    /// Writes down that an upgrade did not help.
    package func remember(_ key: Key) {
        failed.withLock { failed in
            let now = clock.uptime()
            failed = failed.filter { $0.value > now }
            failed[key] = now.advanced(by: memory)
        }
    }
}
