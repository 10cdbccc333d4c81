/// Whether a request that was refused before anybody looked at it, by 429 or 503, is worth making again, and after how long.
package struct Retries: Sendable {
    /// From how often it was refused, how long the peer asked to wait (RFC 9110 section 10.2.3), and how long the client may wait,
    /// to the pause; nil: the refusal stands.
    package var pause: @Sendable (_ refusals: Int, _ asked: Duration?, _ patience: Duration) -> Duration?

    package init(pause: @escaping @Sendable (Int, Duration?, Duration) -> Duration?) {
        self.pause = pause
    }

    /// Three times, as late as the peer asks, else after times that double from a fifth of a second. A random part keeps many clients
    /// that were refused together from coming back together.
    package static let standard = Retries { refusals, asked, patience in
        guard refusals <= 3 else { return nil }
        let least = asked ?? .milliseconds(100 << refusals)
        let pause = least + .milliseconds(Int.random(in: 0...250))
        return pause <= patience ? pause : nil
    }

    /// Sends until the answer is no such refusal, or the refusal stands.
    ///
    /// - Parameters:
    ///   - patience: How long all pauses together may be.
    ///   - isRefusal: Whether an answer says that the request was not looked at.
    func sending(
        within patience: Duration, clock: ClientClock, isRefusal: (HTTPAnswer) -> Bool,
        _ send: () async throws(ClientError) -> HTTPAnswer
    ) async throws(ClientError) -> HTTPAnswer {
        var refusals = 0
        var left = patience
        while true {
            let answer = try await send()
            guard isRefusal(answer) else { return answer }
            refusals += 1
            guard let pause = pause(refusals, answer.retryAfter, left), !Task.isCancelled else { return answer }
            left -= pause
            await clock.sleep(pause)
        }
    }
}
