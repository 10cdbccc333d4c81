import Auth
package import Store

/// Which audience a token gets (RFC 8707 section 2).
package struct ResourceRule: Sendable {
    package typealias Decide = @Sendable (_ requested: [String], _ client: ClientRecord) throws(OAuthError) -> String
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    /// - Parameter requested: The values of all `resource` parameters.
    /// - Returns: The token's `aud`.
    /// - Throws: `invalid_target`.
    package func callAsFunction(_ requested: [String], for client: ClientRecord) throws(OAuthError) -> String {
        try decide(requested, client)
    }

    /// One token is for one resource, which is named exactly; a client with one resource need not name it.
    ///
    /// - Parameter served: The resources that this issuer gives tokens for; nil: those that its clients are registered for. A
    ///   resource that nobody has named is unknown, and no token is given for it (section 2).
    package static func standard(served: [String]?) -> ResourceRule {
        ResourceRule { (requested, client) throws(OAuthError) in
            guard requested.count <= 1 else {
                throw OAuthError(.invalidTarget, "a token is for one resource", because: .ambiguous)
            }
            guard let resource = requested.first ?? (client.resources.count == 1 ? client.resources.first : nil) else {
                throw OAuthError(.invalidTarget, "the resource parameter is missing", because: .missing)
            }
            guard ResourceIdentifier.isValid(resource) else {
                throw OAuthError(.invalidTarget, "the resource is not an absolute URI without fragment", because: .malformed)
            }
            let isKnown = (served ?? client.resources).contains(resource)
            guard isKnown, client.resources.isEmpty || client.resources.contains(resource) else {
                throw OAuthError(.invalidTarget, "no tokens are given for this resource", because: .audience)
            }
            return resource
        }
    }
}
