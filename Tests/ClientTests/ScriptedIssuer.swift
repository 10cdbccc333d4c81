import Auth
import Client
import Synchronization

/// Gives tokens `token-1`, `token-2`, …, or fails when told to; counts how often it was asked.
final class ScriptedIssuer: Sendable {
    private struct State {
        var asked = 0
        var failure: ClientError?
        var isOpen = true
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let lifetime: Double

    init(lifetime: Double = 3600) {
        self.lifetime = lifetime
    }

    var asked: Int { state.withLock { $0.asked } }

    func fail(with error: ClientError?) { state.withLock { $0.failure = error } }

    /// From now on questions wait until `release`.
    func hold() { state.withLock { $0.isOpen = false } }

    func release() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func source(clock: ClientClock, knowsIssuer: Bool = true) -> TokenSource {
        TokenSource(lifetime: .standard, clock: clock, knowsIssuer: knowsIssuer, widens: true) { (_) async throws(ClientError) in
            try await self.grant()
        }
    }

    private func grant() async throws(ClientError) -> TokenGrant {
        let number = state.withLock { state in
            state.asked += 1
            return state.asked
        }
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return TokenGrant(token: Secret("token-\(number)"), lifetime: lifetime)
    }
}
