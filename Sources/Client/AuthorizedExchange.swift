import Auth

/// Sends calls with the credential of the day, and makes the few other attempts that a refusal may be worth.
struct AuthorizedExchange: Sendable {
    let credentials: any CredentialSource
    let parts: ClientParts
    let stepUps: StepUps
    /// Set where tokens are bound to a key.
    let signer: DPoPSigner?
    /// How long the pauses of one call together may be.
    let patience: Duration
    let exchange: HTTPExchange

    /// The answer, whatever its status, but for refusals of the credential: 401, and 403 with a challenge.
    func send(_ call: HTTPCall) async throws(ClientError) -> HTTPAnswer {
        var credential = try await credentials.credential()
        var recoveries = parts.recoveries
        var widened: [StepUps.Key] = []
        var mayLearn = true
        while true {
            let (attempt, answer) = try await attempt(call, with: credential)
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
            case 403 where challenge?.error == "insufficient_scope":
                guard let challenge, let refused = credential else { throw refusal(answer, challenge) }
                let key = StepUps.Key(resource: call.address.text, operation: call.operation, scopes: challenge.scopes ?? [])
                guard parts.allowsStepUp(stepUps, key, widened) else {
                    for key in widened + [key] { stepUps.remember(key) }
                    throw refusal(answer, challenge)
                }
                widened.append(key)
                guard let wider = try await wider(than: refused, challenge, key) else { throw refusal(answer, challenge) }
                credential = wider
            case 401, 403:
                throw refusal(answer, challenge)
            default:
                return answer
            }
        }
    }

    /// 429, and 503 that says when to come back, come before the call was looked at; everything else may have had an effect, and is not
    /// sent again.
    private func attempt(
        _ call: HTTPCall, with credential: BearerCredential?
    ) async throws(ClientError) -> (sent: HTTPCall, answer: HTTPAnswer) {
        var sent = call
        let answer = try await parts.retries.sending(
            within: patience, clock: parts.clock, isRefusal: { $0.retryAfter != nil && ($0.status == 429 || $0.status == 503) }
        ) { () async throws(ClientError) -> HTTPAnswer in
            sent = call
            if let credential { try present(credential, &sent) }
            return try await exchange(sent)
        }
        return (sent, answer)
    }

    /// A credential that reaches further. When none can be had, that is remembered too.
    private func wider(
        than refused: BearerCredential, _ challenge: Challenge, _ key: StepUps.Key
    ) async throws(ClientError) -> BearerCredential? {
        do throws(ClientError) {
            return try await credentials.widened(beyond: refused, challenge: challenge)
        } catch {
            if case .refused = error { stepUps.remember(key) }
            throw error
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
