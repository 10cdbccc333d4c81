package import Auth

/// What is known about which scopes to ask for.
package struct ScopeSelection: Sendable {
    /// By the configuration: exactly these, if there are any.
    package var configured: ScopeSet
    /// By the server's challenges so far.
    package var challenged: ScopeSet?
    /// What was asked for or given before.
    package var held: ScopeSet
    /// By the resource's metadata.
    package var resource: ScopeSet?
    /// By the issuer's metadata.
    package var issuer: ScopeSet?
    package var grant: OAuthGrant

    package init(
        configured: ScopeSet, challenged: ScopeSet?, held: ScopeSet, resource: ScopeSet?, issuer: ScopeSet?, grant: OAuthGrant
    ) {
        self.configured = configured
        self.challenged = challenged
        self.held = held
        self.resource = resource
        self.issuer = issuer
        self.grant = grant
    }

    /// MCP authorization, scope selection: the challenge's word; without one, all that the resource lists; without that, none. Together
    /// with what was there before, so that a wider token is not a narrower one in another place. Nil: the parameter is left out.
    ///
    /// `offline_access` is added only where the issuer lists it, and never alone: it would narrow an omitted scope to nothing else.
    package static let standard: @Sendable (ScopeSelection) -> ScopeSet? = { selection in
        guard selection.configured.isEmpty else { return selection.configured }
        guard let asked = selection.challenged ?? selection.resource, !asked.isEmpty else {
            return selection.held.isEmpty ? nil : selection.held
        }
        var scopes = asked.scopes.union(selection.held.scopes)
        if selection.grant == .authorizationCode, selection.issuer?.contains("offline_access") == true { scopes.insert("offline_access") }
        return ScopeSet(scopes)
    }
}
