import Foundation
import Synchronization

/// What the bed's issuer says and counts, changed while a battery is played.
package final class BedIssuerScript: Sendable {
    package init() {}

    /// An answer of one of its endpoints.
    struct Answer: Sendable {
        var body: String
        var status = 200
        var contentType = "application/json"
        /// How long it takes.
        var delay: Duration = .zero
    }

    private struct State {
        var keySet: Answer?
        var introspection: Answer?
        var furtherKeys: [String] = []
        var counts: [String: Int] = [:]
        var lastKeyFetch: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// What it publishes in the place of its own keys; nil for those.
    var keySet: Answer? {
        get { state.withLock { $0.keySet } }
        set { state.withLock { $0.keySet = newValue } }
    }

    /// JWKs that it publishes beside its own, as JSON texts.
    var furtherKeys: [String] { state.withLock { $0.furtherKeys } }

    func publish(_ keys: [String]) { state.withLock { $0.furtherKeys += keys } }

    /// What it says of every token; nil for the truth.
    var introspection: Answer? {
        get { state.withLock { $0.introspection } }
        set { state.withLock { $0.introspection = newValue } }
    }

    /// - Parameter name: One of `Battery.counts`.
    func count(_ name: String) { state.withLock { $0.counts[name, default: 0] += 1 } }

    /// Who asks no more than once a second is told apart from who asks for every token, on fast and on slow machines alike.
    package func noteKeyFetch(at now: ContinuousClock.Instant = .now) {
        state.withLock {
            if let last = $0.lastKeyFetch, now - last < .seconds(1) { $0.counts["hasty-key-fetches", default: 0] += 1 }
            $0.lastKeyFetch = now
        }
    }

    package func counted(_ name: String) -> Int { state.withLock { $0.counts[name] ?? 0 } }
}
