import Auth
import Foundation
import OAuth
package import Store

/// What introspection says of a token (RFC 7662 section 2.2). An inactive one is `{"active":false}` and nothing more.
package enum TokenDescription: Sendable, Encodable {
    case inactive
    case active(issuer: String, TokenRecord)

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        guard case .active(let issuer, let token) = self else {
            return try container.encode(false, forKey: .active)
        }
        try container.encode(true, forKey: .active)
        try container.encode(issuer, forKey: .iss)
        try container.encode(token.user ?? token.clientID, forKey: .sub)
        try container.encodeIfPresent(token.user, forKey: .username)
        try container.encode(token.clientID, forKey: .clientID)
        try container.encode(token.audience, forKey: .aud)
        try container.encode(token.scopes.description, forKey: .scope)
        try container.encode(token.confirmation?.keyThumbprint == nil ? "Bearer" : "DPoP", forKey: .tokenType)
        try container.encodeIfPresent(token.confirmation, forKey: .cnf)
        try container.encode(token.jti, forKey: .jti)
        try container.encode(Int(token.issuedAt.timeIntervalSince1970), forKey: .iat)
        try container.encode(Int(token.expiresAt.timeIntervalSince1970), forKey: .exp)
    }

    enum CodingKeys: String, CodingKey {
        case active, iss, sub, username, aud, scope, jti, iat, exp, cnf
        case clientID = "client_id"
        case tokenType = "token_type"
    }
}
