package import Auth
package import Store

/// What an authorization request is judged on, and what the checks found out about it.
package struct AuthorizationEvidence: Sendable {
    package var parameters: AuthorizationParameters
    /// What is registered under its `client_id`.
    package var client: ClientRecord?
    /// The rules for every token.
    package var scopeRule: ScopeRule
    package var resourceRule: ResourceRule

    /// Where the answer goes; known once the check `redirect-uri` has passed, and so the client. Errors found before are told to
    /// the user only (RFC 6749 section 4.1.2.1).
    package var redirectURI: RedirectURI?
    /// The `code_challenge` (RFC 7636 section 4.2).
    package var challenge: String?
    package var audience: String?
    package var scopes: ScopeSet?
    package var prompts: Set<Prompt> = []
    /// The key that must be proven when the code is redeemed (RFC 9449 section 10).
    package var keyThumbprint: String?
    /// What is told, once a check has refused.
    package var error: OAuthError?

    package init(parameters: AuthorizationParameters, client: ClientRecord?, scopeRule: ScopeRule, resourceRule: ResourceRule) {
        self.parameters = parameters
        self.client = client
        self.scopeRule = scopeRule
        self.resourceRule = resourceRule
    }

    /// Keeps the error to be told; its refusal is the check's answer.
    package mutating func refuse(_ error: OAuthError) -> Refusal {
        self.error = error
        return error.refusal
    }

    package mutating func refuse(_ code: OAuthError.Code, _ summary: String, because reason: Reason) -> Refusal {
        refuse(OAuthError(code, summary, because: reason))
    }
}
