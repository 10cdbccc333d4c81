import Auth
import Foundation
package import OAuth
import Store

/// The claims of a JWT access token (RFC 9068 section 2.2). Members are optional so that a defect can leave one out.
package struct AccessTokenClaims: Sendable, Hashable, Encodable {
    package var issuer: String?
    package var subject: String?
    package var audience: String?
    /// Seconds since 1970, as all times here.
    package var expiry: Int?
    package var issuedAt: Int?
    package var jti: String?
    package var clientID: String?
    package var scope: String?
    package var confirmation: Confirmation?

    /// What the correct issuer says of a grant. The subject is the user, or the client where there is none (RFC 9068 section 2.2).
    package init(_ grant: Grant) {
        issuer = grant.issuer
        subject = grant.user ?? grant.client.id
        audience = grant.audience
        expiry = Int(grant.expiresAt.timeIntervalSince1970)
        issuedAt = Int(grant.issuedAt.timeIntervalSince1970)
        jti = grant.jti
        clientID = grant.client.id
        scope = grant.scopes.description
        confirmation = grant.confirmation
    }

    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case subject = "sub"
        case audience = "aud"
        case expiry = "exp"
        case issuedAt = "iat"
        case jti
        case clientID = "client_id"
        case scope
        case confirmation = "cnf"
    }
}
