import Auth
import OAuth
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
    let name: String?
    let scopes: [String]
    let resources: [String]
    let redirectUris: [String]
    let grants: [String]
    let tokenLifetimeSeconds: Int?
    let introspection: Bool
    let authentication: String
    let certificateName: String?
    let certificateThumbprint: String?
    let bound: String?
    let origin: String
    let createdAt: Int?
    let disabledAt: Int?
    let secrets: [SecretAnswer]

    init(_ registration: ClientRegistration) {
        let client = registration.client
        clientId = client.id
        name = client.name
        scopes = Self.sorted(client.scopes)
        resources = client.resources
        redirectUris = client.redirectURIs
        grants = client.grantTypes.sorted()
        tokenLifetimeSeconds = client.tokenLifetime
        introspection = client.mayIntrospect
        authentication = client.authentication.rawValue
        certificateName = client.certificateName
        certificateThumbprint = client.certificateThumbprint
        bound = client.binding?.rawValue
        origin = client.origin.rawValue
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
