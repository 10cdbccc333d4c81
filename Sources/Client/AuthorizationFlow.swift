import Auth
import OAuth

/// Has a person log in and consent in a browser, and brings home the authorization code (RFC 6749 section 4.1, RFC 8252).
struct AuthorizationFlow: Sendable {
    /// A code, with what must go to the token endpoint beside it.
    struct Code: Sendable {
        let code: Secret<String>
        let verifier: Secret<String>
        let redirectURI: String
    }

    let parts: ClientParts
    /// Empty: the address is printed.
    let browser: [String]

    /// - Parameter listener: Where the answer is brought; it is closed at the end.
    func code(
        from issuer: IssuerMetadata, client: RegisteredClient, scopes: ScopeSet?, resource: String, keyThumbprint: String?,
        listener: RedirectListener
    ) async throws(ClientError) -> Code {
        defer { listener.close() }
        guard let endpoint = issuer.authorizationEndpoint else {
            throw .violation("the token issuer \(issuer.issuer.text) has no authorization endpoint", status: nil)
        }
        let pending = PendingAuthorization(
            issuer: issuer.issuer.text, issuerNamesItself: issuer.namesItself, state: parts.state(), verifier: parts.verifier(),
            redirectURI: listener.uri)
        let request = AuthorizationRequest(
            endpoint: endpoint, clientID: client.id, redirectURI: listener.uri, scopes: scopes, resource: resource, state: pending.state,
            challenge: ProofKey.challenge(of: pending.verifier), keyThumbprint: keyThumbprint)
        guard let address = request.address(parts.authorizationRequest(request)) else {
            throw .violation("the authorization endpoint \(endpoint.text) takes no parameters", status: nil)
        }
        if let objection = parts.connection.objection(address) {
            throw .violation("\(endpoint.text) is not shown in a browser: \(objection)", status: nil)
        }
        try show(address, listener: listener)
        let answer = try await listener.answer(within: parts.loginPatience)
        return try await judge(AuthorizationAnswerEvidence(parameters: answer, pending: pending))
    }

    private func show(_ address: WebAddress, listener: RedirectListener) throws(ClientError) {
        guard let program = browser.first else {
            parts.invite("to log in, open this address in a browser on this machine:\n\(address.text)")
            return
        }
        try parts.show(browser, address.text) { status in
            // The usual openers end at once and well; others stay until the window is closed.
            if status != 0 { listener.fail(.local("\(program) ended with status \(status) before anybody had logged in")) }
        }
    }

    private func judge(_ evidence: AuthorizationAnswerEvidence) async throws(ClientError) -> Code {
        switch await parts.answerChecks.verify(evidence, at: parts.clock.date()) {
        case .passed(let passed):
            guard let code = passed.code else { throw .violation("the answer in the browser has no authorization code", status: nil) }
            return Code(code: code, verifier: evidence.pending.verifier, redirectURI: evidence.pending.redirectURI)
        case .refused(_, by: "error"):
            throw .refused(ClientRefusal(by: .issuer, status: nil, error: evidence.error))
        case .refused(let refusal, _):
            throw .violation(refusal.detail, status: nil)
        }
    }
}
