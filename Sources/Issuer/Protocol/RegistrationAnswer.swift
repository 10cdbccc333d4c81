import Auth
import Foundation
import OAuth
import Store

/// What a client is told that has registered itself (RFC 7591 section 3.2.1): all that holds for it, the secret this once.
struct RegistrationAnswer: Sendable, Encodable {
    private let client: ClientRecord
    private let method: String
    private let secret: Secret<String>?

    init(_ client: ClientRecord, method: String, secret: Secret<String>?) {
        self.client = client
        self.method = method
        self.secret = secret
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(client.id, forKey: .clientID)
        try container.encode(Int(client.createdAt.timeIntervalSince1970), forKey: .issuedAt)
        if let secret {
            try container.encode(secret.reveal(), forKey: .clientSecret)
            // Never: the operator disables the client where it must end.
            try container.encode(0, forKey: .secretExpiresAt)
        }
        try container.encode(client.redirectURIs, forKey: .redirectURIs)
        try container.encode(client.grantTypes.sorted(), forKey: .grantTypes)
        try container.encode(["code"], forKey: .responseTypes)
        try container.encode(method, forKey: .authenticationMethod)
        try container.encode(client.scopes.description, forKey: .scope)
        try container.encodeIfPresent(client.name, forKey: .name)
        try container.encodeIfPresent(client.applicationType, forKey: .applicationType)
        // As the client sent them: a key may have less than those that are published here, and the set keys of other kinds.
        if let jwks = client.jwks { try container.encode(WrittenJSON(StrictJSON.parse(Array(jwks.utf8))), forKey: .jwks) }
        if client.binding == .dpop { try container.encode(true, forKey: .bindsToKey) }
    }

    enum CodingKeys: String, CodingKey {
        case clientID = "client_id"
        case issuedAt = "client_id_issued_at"
        case clientSecret = "client_secret"
        case secretExpiresAt = "client_secret_expires_at"
        case redirectURIs = "redirect_uris"
        case grantTypes = "grant_types"
        case responseTypes = "response_types"
        case authenticationMethod = "token_endpoint_auth_method"
        case scope
        case name = "client_name"
        case applicationType = "application_type"
        case jwks
        case bindsToKey = "dpop_bound_access_tokens"
    }
}
