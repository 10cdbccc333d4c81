import Auth
import OAuth
import Store

/// What is shown of a client that was just registered: its secret, this once.
struct AddedClient: Encodable {
    let clientId: String
    let clientSecret: String?
    let scopes: [String]
    let resources: [String]
    let redirectUris: [String]
    let grants: [String]
    let tokenLifetimeSeconds: Int?
    let introspection: Bool
    let authentication: String
    let bound: String?

    init(_ client: ClientRecord, secret: Secret<String>?) {
        clientId = client.id
        clientSecret = secret?.reveal()
        scopes = ClientAnswer.sorted(client.scopes)
        resources = client.resources
        redirectUris = client.redirectURIs
        grants = client.grantTypes.sorted()
        tokenLifetimeSeconds = client.tokenLifetime
        introspection = client.mayIntrospect
        authentication = client.authentication.rawValue
        bound = client.binding?.rawValue
    }
}
