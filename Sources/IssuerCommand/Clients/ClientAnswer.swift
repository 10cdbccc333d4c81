import Auth
import Store

/// What is shown of a client: nothing secret.
struct ClientAnswer: Encodable {
    struct SecretAnswer: Encodable {
        let id: Int64
        let createdAt: Int?
        let validUntil: Int?
        let retiredAt: Int?
    }

    let clientId: String
    let scopes: [String]
    let resources: [String]
    let tokenLifetimeSeconds: Int?
    let introspection: Bool
    let createdAt: Int?
    let disabledAt: Int?
    let secrets: [SecretAnswer]

    init(_ registration: ClientRegistration) {
        let client = registration.client
        clientId = client.id
        scopes = Self.sorted(client.scopes)
        resources = client.resources
        tokenLifetimeSeconds = client.tokenLifetime
        introspection = client.mayIntrospect
        createdAt = Output.epoch(client.createdAt)
        disabledAt = Output.epoch(client.disabledAt)
        secrets = registration.secrets.map {
            SecretAnswer(
                id: $0.id, createdAt: Output.epoch($0.createdAt), validUntil: Output.epoch($0.validUntil),
                retiredAt: Output.epoch($0.retiredAt))
        }
    }

    static func sorted(_ scopes: ScopeSet) -> [String] { scopes.scopes.sorted() }
}
