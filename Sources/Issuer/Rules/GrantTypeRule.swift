import Auth
package import Store

/// Which grant types a client may use (RFC 6749 section 5.2).
package struct GrantTypeRule: Sendable {
    package typealias Decide = @Sendable (_ requested: String, _ client: ClientRecord) throws(OAuthError) -> GrantType
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    /// - Throws: `unsupported_grant_type`, `unauthorized_client`.
    package func callAsFunction(_ requested: String, for client: ClientRecord) throws(OAuthError) -> GrantType {
        try decide(requested, client)
    }

    /// What the client is registered for. With credentials of its own only a client that has some (RFC 6749 section 4.4).
    package static var standard: GrantTypeRule {
        GrantTypeRule { (requested, client) throws(OAuthError) in
            guard let type = GrantType(rawValue: requested) else {
                throw OAuthError(.unsupportedGrantType, "the grant type is not supported", because: .type)
            }
            guard client.grantTypes.contains(requested), client.authentication != .none || type != .clientCredentials else {
                throw OAuthError(.unauthorizedClient, "the client may not use this grant type", because: .type)
            }
            return type
        }
    }
}

/// The grant types of this issuer (RFC 6749 section 4).
package enum GrantType: String, Sendable, CaseIterable {
    case clientCredentials = "client_credentials"
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
}
