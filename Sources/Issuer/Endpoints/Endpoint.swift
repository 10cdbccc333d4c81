import OAuth

/// What is at which path.
enum Endpoint {
    case decision(IssuerEndpoints.Decision)
    case document(@Sendable (IssuerEndpoints) async throws -> IssuerAnswer)

    static let tokenPath = "/oauth/token"
    static let revocationPath = "/oauth/revoke"
    static let introspectionPath = "/oauth/introspect"
    static let keysPath = "/oauth/jwks"

    static func find(path: String, issuer: String) -> Endpoint? {
        switch path {
        case tokenPath, "/token": .decision { try await $0.token($1, &$2) }
        case revocationPath: .decision { try await $0.revoke($1, &$2) }
        case introspectionPath: .decision { try await $0.introspect($1, &$2) }
        case keysPath: .document { try await $0.keys() }
        case WellKnown.path(AuthorizationServerMetadata.wellKnown, of: issuer): .document { try $0.metadata() }
        default: nil
        }
    }
}
