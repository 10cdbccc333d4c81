import Auth
import MCP

import struct Foundation.Date

/// Asks a token endpoint: request, proof, nonces, waiting, and what the answer means.
actor TokenEndpoint {
    private let configuration: OAuthConfiguration
    private let parts: ClientParts
    /// Set where tokens are bound to a key.
    private let signer: DPoPSigner?
    /// How long all pauses of one question together may be.
    private let patience: Duration
    private let exchange: HTTPExchange
    /// How many requests went out.
    private(set) var requests = 0

    init(
        configuration: OAuthConfiguration, parts: ClientParts, signer: DPoPSigner?, patience: Duration, exchange: @escaping HTTPExchange
    ) {
        self.configuration = configuration
        self.parts = parts
        self.signer = signer
        self.patience = patience
        self.exchange = exchange
    }

    func ask(
        _ grant: TokenRequest.Grant, as client: RegisteredClient, at place: Discovery.Result, scopes: ScopeSet? = nil
    ) async throws(ClientError) -> TokenGrant {
        // Life is counted from before the question: the answer may be long on its way.
        var asked = parts.clock.date()
        let answer = try await parts.retries.sending(
            within: patience, clock: parts.clock, isRefusal: { $0.status == 429 || $0.status == 503 }
        ) { () async throws(ClientError) -> HTTPAnswer in
            asked = parts.clock.date()
            return try await send(grant, client, place, scopes)
        }
        return try await read(answer, from: place.issuer.tokenEndpoint, since: asked)
    }

    /// Once more where the issuer asks for a nonce (RFC 9449 section 8), with an assertion of its own: each is good once.
    private func send(
        _ grant: TokenRequest.Grant, _ client: RegisteredClient, _ place: Discovery.Result, _ scopes: ScopeSet?
    ) async throws(ClientError) -> HTTPAnswer {
        let first = try await attempt(grant, client, place, scopes)
        guard let signer, signer.learn(from: first.answer, to: first.call, error: Self.error(in: first.answer)) else { return first.answer }
        let second = try await attempt(grant, client, place, scopes)
        _ = signer.learn(from: second.answer, to: second.call, error: nil)
        return second.answer
    }

    private func attempt(
        _ grant: TokenRequest.Grant, _ client: RegisteredClient, _ place: Discovery.Result, _ scopes: ScopeSet?
    ) async throws(ClientError) -> (call: HTTPCall, answer: HTTPAnswer) {
        let proof = try await configuration.proof(of: client, to: place.issuer.issuer, at: parts.clock.date())
        var call = parts.tokenRequest(
            TokenRequest(
                endpoint: place.issuer.tokenEndpoint, grant: grant, clientID: client.id, proof: proof, scopes: scopes,
                resource: place.resource))
        call.showsCertificate = configuration.showsCertificate
        try signer?.sign(&call, token: nil)
        requests += 1
        return (call, try await exchange(call))
    }

    private func read(_ answer: HTTPAnswer, from endpoint: WebAddress, since: Date) async throws(ClientError) -> TokenGrant {
        let document = try? JSONValue(parsing: answer.body)
        guard answer.status == 200 else { throw Self.failure(answer, endpoint: endpoint) }
        guard let document, document.object != nil else {
            throw .violation("\(endpoint.text) did not answer with a JSON object", status: 200)
        }
        switch await parts.tokenChecks.verify(
            TokenAnswer(document: document, type: signer == nil ? "bearer" : "dpop"), at: parts.clock.date())
        {
        case .passed(let evidence):
            guard let token = evidence.token else { throw .violation("\(endpoint.text) gave no token", status: 200) }
            return TokenGrant(
                token: token, lifetime: parts.lifetime.read(document["expires_in"]), since: since, refreshToken: evidence.refreshToken,
                scopes: document["scope"]?.string.flatMap(ScopeSet.init(parsing:)))
        case .refused(let refusal, _):
            throw .violation("\(endpoint.text): \(refusal.detail)", status: 200)
        }
    }

    private static func error(in answer: HTTPAnswer) -> String? { (try? JSONValue(parsing: answer.body))?["error"]?.string }

    /// RFC 6749 section 5.2 tells what went wrong by `error`; an issuer in trouble (5xx) has refused nothing.
    private static func failure(_ answer: HTTPAnswer, endpoint: WebAddress) -> ClientError {
        let error = error(in: answer).flatMap(ErrorCode.init)?.text
        switch answer.status {
        case 400, 401, 403, 429:
            return .refused(ClientRefusal(by: .issuer, status: answer.status, error: error, retryAfter: answer.retryAfter))
        case 503 where answer.retryAfter != nil:
            return .refused(ClientRefusal(by: .issuer, status: 503, error: error, retryAfter: answer.retryAfter))
        case 500...599:
            return .transport("the token issuer at \(endpoint.origin) is in trouble (\(answer.status))")
        case let status:
            return .violation("\(endpoint.text) answered \(status)", status: status)
        }
    }
}
