import Auth
import Store

/// An authorization request that all checks let pass.
struct AuthorizationRequest: Sendable {
    let parameters: AuthorizationParameters
    let client: ClientRecord
    let redirectURI: RedirectURI
    let challenge: String
    let audience: String
    let scopes: ScopeSet
    let prompts: Set<Prompt>
    let keyThumbprint: String?

    /// nil when a check that should have found something out is not in the list.
    init?(_ evidence: AuthorizationEvidence) {
        guard let client = evidence.client, let redirectURI = evidence.redirectURI, let audience = evidence.audience,
            let scopes = evidence.scopes
        else { return nil }
        parameters = evidence.parameters
        self.client = client
        self.redirectURI = redirectURI
        // Without one, as only a defect lets it pass, no verifier ever fits.
        challenge = evidence.challenge ?? ""
        self.audience = audience
        self.scopes = scopes
        prompts = evidence.prompts
        keyThumbprint = evidence.keyThumbprint
    }
}
