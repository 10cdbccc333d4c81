import OAuth

/// What is at which path.
enum Endpoint {
    case decision(IssuerEndpoints.Decision)
    /// A page for people, which judges and audits by itself.
    case authorization
    case registration
    case document(@Sendable (IssuerEndpoints) async throws -> IssuerAnswer)

    static let authorizationPath = "/oauth/authorize"
    static let registrationPath = "/oauth/register"
    static let tokenPath = "/oauth/token"
    static let revocationPath = "/oauth/revoke"
    static let introspectionPath = "/oauth/introspect"
    static let keysPath = "/oauth/jwks"

    private static let openID = "openid-configuration"

    static func find(path: String, issuer: String) -> Endpoint? {
        switch path {
        case tokenPath, "/token": .decision { try await $0.token($1, &$2) }
        case revocationPath: .decision { try await $0.revoke($1, &$2) }
        case introspectionPath: .decision { try await $0.introspect($1, &$2) }
        case authorizationPath, "/authorize": .authorization
        case registrationPath, "/register": .registration
        case keysPath: .document { try await $0.keys() }
        case WellKnown.path(AuthorizationServerMetadata.wellKnown, of: issuer): .document { try $0.metadata() }
        // Where clients of OpenID Connect look (Discovery section 4), and in the way of RFC 8414 section 5.
        case WellKnown.path(openID, of: issuer), WellKnown.appended(openID, to: issuer): .document { try $0.openIDMetadata() }
        default: nil
        }
    }
}
