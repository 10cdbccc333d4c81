package import Auth
package import Foundation
package import OAuth
package import Store

/// What was decided on a token request, before it becomes a token.
package struct Grant: Sendable, Hashable {
    /// The `iss` of the token, equal to the issuer in the metadata (RFC 8414 section 3.3).
    package var issuer: String
    package var client: ClientRecord
    /// The secret that the client authenticated with, if it did so.
    package var secretID: Int64?
    package var scopes: ScopeSet
    package var audience: String
    /// What the token is bound to.
    package var confirmation: Confirmation?
    /// To the whole second, so that `exp` − `iat` is the `expires_in` of the answer exactly.
    package var issuedAt: Date
    /// Seconds from `issuedAt`.
    package var lifetime: Int
    /// 128 random bits, unique for each token (RFC 9068 section 2.2).
    package var jti: String
    /// Who lets the client act for them; nil: the client acts for itself.
    package var user: String?
    /// The act of consent it comes from.
    package var grantID: String?

    package var expiresAt: Date { issuedAt.addingTimeInterval(Double(lifetime)) }
}
