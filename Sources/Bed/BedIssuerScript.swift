import Foundation
import Synchronization

/// What the bed's issuer says and counts, changed while a battery is played.
final class BedIssuerScript: Sendable {
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

    func counted(_ name: String) -> Int { state.withLock { $0.counts[name] ?? 0 } }
}
