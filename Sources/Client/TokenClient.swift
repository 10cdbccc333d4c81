import Auth
import MCP

/// Asks a token endpoint for a token: discovery, request, answer.
package actor TokenClient {
    private let configuration: OAuthConfiguration
    private let discovery: Discovery
    private let parts: ClientParts
    /// Set where tokens are bound to a key.
    private let signer: DPoPSigner?
    private let exchange: HTTPExchange
    private var discovered: Discovery.Result?
    /// Scopes that the server has asked for so far; used when the configuration names none.
    private var demanded: ScopeSet?
    /// How many requests went to the token endpoint.
    package private(set) var requests = 0

    package init(
        configuration: OAuthConfiguration, discovery: Discovery, parts: ClientParts, signer: DPoPSigner? = nil,
        exchange: @escaping HTTPExchange
    ) {
        self.configuration = configuration
        self.discovery = discovery
        self.parts = parts
        self.signer = signer
        self.exchange = exchange
    }

    package func fetch(challenge: Challenge?) async throws(ClientError) -> TokenGrant {
        let place = try await place(challenge: challenge)
        if let scopes = challenge?.scopes {
            // The union of what was asked for before and now (MCP authorization, step-up).
            demanded = ScopeSet((demanded?.scopes ?? []).union(scopes.scopes))
        }
        let scopes = configuration.scopes.isEmpty ? demanded ?? place.scopes : ScopeSet(configuration.scopes)
        let request = TokenRequest(
            endpoint: place.tokenEndpoint, clientID: configuration.clientID,
            proof: try await configuration.proof(for: place.issuer, at: parts.clock.date()), scopes: scopes,
            resource: place.resource)
        let answer = try await send(request)
        return try await grant(from: answer, endpoint: place.tokenEndpoint)
    }

    /// Once more where the issuer asks for a nonce (RFC 9449 section 8), with an assertion of its own: each is good once.
    private func send(_ request: TokenRequest) async throws(ClientError) -> HTTPAnswer {
        var call = parts.tokenRequest(request)
        call.showsCertificate = configuration.showsCertificate
        requests += 1
        guard let signer else { return try await exchange(call) }
        try signer.sign(&call, token: nil)
        let answer = try await exchange(call)
        let error = (try? JSONValue(parsing: answer.body))?["error"]?.string
        guard signer.learn(from: answer, to: call, error: error) else { return answer }
        var again = request
        if case .assertion = request.proof, let issuer = discovered?.issuer {
            again.proof = try await configuration.proof(for: issuer, at: parts.clock.date())
        }
        call = parts.tokenRequest(again)
        call.showsCertificate = configuration.showsCertificate
        requests += 1
        try signer.sign(&call, token: nil)
        let second = try await exchange(call)
        _ = signer.learn(from: second, to: call, error: nil)
        return second
    }

    /// Found once: an issuer that a server names later does not get the secret of the one it named first
    /// (MCP authorization, credentials keyed by issuer).
    private func place(challenge: Challenge?) async throws(ClientError) -> Discovery.Result {
        if let discovered { return discovered }
        let found = try await discovery.discover(challenge: challenge)
        discovered = found
        return found
    }

    private func grant(from answer: HTTPAnswer, endpoint: WebAddress) async throws(ClientError) -> TokenGrant {
        let document = try? JSONValue(parsing: answer.body)
        guard answer.status == 200 else { throw Self.failure(answer, document: document, endpoint: endpoint) }
        guard let document, document.object != nil else {
            throw .violation("\(endpoint.text) did not answer with a JSON object", status: 200)
        }
        switch await parts.tokenChecks.verify(
            TokenAnswer(document: document, type: signer == nil ? "bearer" : "dpop"), at: parts.clock.date())
        {
        case .passed(let evidence):
            guard let token = evidence.token else { throw .violation("\(endpoint.text) gave no token", status: 200) }
            return TokenGrant(token: token, lifetime: parts.lifetime.read(document["expires_in"]))
        case .refused(let refusal, _):
            throw .violation("\(endpoint.text): \(refusal.detail)", status: 200)
        }
    }

    /// RFC 6749 section 5.2 tells what went wrong by `error`; an issuer in trouble (5xx) has refused nothing.
    private static func failure(_ answer: HTTPAnswer, document: JSONValue?, endpoint: WebAddress) -> ClientError {
        let error = document?["error"]?.string.flatMap(ErrorCode.init)?.text
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
