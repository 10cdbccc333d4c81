import Auth
import OAuth
import Store

extension IssuerEndpoints {
    /// The client that a request is from, and the secret it proved that with; nil where it was something else.
    struct Caller: Sendable {
        var client: ClientRecord
        var secret: ClientSecretRecord?
        /// The proof of possession that came with the request, if it is right; not used up yet.
        var unusedProof: DPoPEvidence?
    }

    /// Finds out who is calling (RFC 6749 section 2.3).
    ///
    /// - Throws: `OAuthError`, or the store's error.
    func authenticate(_ call: Call, _ record: inout AuditRecord) async throws -> Caller {
        let evidence = try await verify(call, parts.clients, &record)
        guard let client = evidence.registration?.client, evidence.matched != nil || evidence.isProven else {
            throw OAuthError.invalidClient(Refusal(.unknown, "nobody was authenticated"))
        }
        return Caller(client: client, secret: evidence.matched)
    }

    /// Puts the request's credentials before a verifier.
    ///
    /// - Throws: `OAuthError`, or the store's error.
    func verify(_ call: Call, _ verifier: Verifier<ClientEvidence>, _ record: inout AuditRecord) async throws -> ClientEvidence {
        let credentials = try parts.readCredentials(call.authorization, call.form)
        var evidence = ClientEvidence(credentials: credentials, registration: nil, certificate: call.certificate)
        if let credentials { evidence.registration = try await store.registration(credentials.id) }
        // Only a name that is registered: anything else could be a secret in the wrong place.
        record.principal = evidence.registration?.client.id
        let guess = Guess(credentials, from: call.source)
        if let guess, let pause = parts.guesses.pause(guess.name, from: guess.source) {
            throw OAuthError.throttled("too many failed authentications", retryAfter: pause.wholeSeconds)
        }
        switch await verifier.verify(evidence, at: call.now) {
        case .passed(let evidence):
            if let guess { parts.guesses.succeeded(guess.name, from: guess.source) }
            return evidence
        case .refused(let refusal, _) where refusal.reason == .throttled:
            throw OAuthError.throttled("too many assertions", retryAfter: 60)
        case .refused(let refusal, _) where refusal.reason == .scope:
            // Known, but not for this: 401 would ask it to try other credentials.
            throw OAuthError(.unauthorizedClient, "this client may not do that", because: .scope, detail: refusal.detail, status: 403)
        case .refused(let refusal, _):
            if let guess { parts.guesses.failed(guess.name, from: guess.source) }
            throw OAuthError.invalidClient(refusal)
        }
    }
    /// What counts against the limit on guessing: something secret for a name. A mere name, or nothing, guesses nothing.
    private struct Guess {
        let name: String
        let source: String

        init?(_ credentials: ClientCredentials?, from source: String) {
            guard let credentials, credentials.method != .name else { return nil }
            // Clients and users may have the same name.
            name = "client \(credentials.id)"
            self.source = source
        }
    }
}
