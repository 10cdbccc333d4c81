import Auth

/// Sends calls with the credential of the day, and makes the one other attempt that a refusal may be worth.
struct AuthorizedExchange: Sendable {
    let credentials: any CredentialSource
    let parts: ClientParts
    /// Set where tokens are bound to a key.
    let signer: DPoPSigner?
    let exchange: HTTPExchange

    /// The answer, whatever its status, but for refusals of the credential: 401, and 403 with a challenge.
    func send(_ call: HTTPCall) async throws(ClientError) -> HTTPAnswer {
        var credential = try await credentials.credential()
        var recoveries = parts.recoveries
        var mayWiden = true
        var mayLearn = true
        while true {
            var attempt = call
            if let credential { try present(credential, &attempt) }
            let answer = try await exchange(attempt)
            let challenge = Challenge.token(in: answer, dpop: signer != nil)
            // Once: a server that is never content with its own nonce would be asked for ever.
            if let signer, signer.learn(from: answer, to: attempt, error: challenge?.error), mayLearn {
                mayLearn = false
                continue
            }
            switch answer.status {
            case 401 where recoveries > 0:
                recoveries -= 1
                guard let other = try await credentials.replacement(for: credential, challenge: challenge) else {
                    throw refusal(answer, challenge)
                }
                credential = other
            case 403 where mayWiden && challenge?.error == "insufficient_scope":
                mayWiden = false
                guard let challenge, let refused = credential,
                    let wider = try await credentials.widened(beyond: refused, challenge: challenge)
                else { throw refusal(answer, challenge) }
                credential = wider
            case 401, 403:
                throw refusal(answer, challenge)
            default:
                return answer
            }
        }
    }

    private func present(_ credential: BearerCredential, _ call: inout HTTPCall) throws(ClientError) {
        guard let signer else { return parts.present(credential, &call) }
        try signer.sign(&call, token: credential.value)
    }

    private func refusal(_ answer: HTTPAnswer, _ challenge: Challenge?) -> ClientError {
        .refused(
            ClientRefusal(
                by: .server, status: answer.status, error: challenge?.error.flatMap(ErrorCode.init)?.text, scopes: challenge?.scopes ?? [],
                retryAfter: answer.retryAfter))
    }
}
