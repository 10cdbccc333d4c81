package import Auth
package import Store

/// Which scope a token gets (RFC 6749 section 3.3).
package struct ScopeRule: Sendable {
    package typealias Decide = @Sendable (_ requested: String?, _ client: ClientRecord) throws(OAuthError) -> ScopeSet
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    /// - Parameter requested: The `scope` parameter; nil when absent.
    /// - Throws: `invalid_scope`, `unauthorized_client`.
    package func callAsFunction(_ requested: String?, for client: ClientRecord) throws(OAuthError) -> ScopeSet {
        try decide(requested, client)
    }

    /// Exactly what is asked for, which must all be allowed; what is allowed, when nothing is asked for.
    package static var standard: ScopeRule {
        ScopeRule { (requested, client) throws(OAuthError) in
            guard !client.scopes.isEmpty else {
                throw OAuthError(.unauthorizedClient, "this client is not given tokens", because: .scope)
            }
            guard let requested else { return client.scopes }
            guard let scopes = ScopeSet(parsing: requested), !scopes.isEmpty else {
                throw OAuthError(.invalidScope, "the scope is malformed", because: .malformed)
            }
            guard client.scopes.isSuperset(of: scopes) else {
                throw OAuthError(
                    .invalidScope, "the scope exceeds what this client may have", because: .scope,
                    detail: "not allowed: \(scopes.subtracting(client.scopes))")
            }
            return scopes
        }
    }
}
