package import Auth
import OAuth

/// The answer to a token request that was granted (RFC 6749 section 5.1).
package struct TokenAnswer: Sendable, Encodable {
    package var accessToken: Secret<String>
    package var tokenType = "Bearer"
    /// Seconds from the moment of issue.
    package var expiresIn: Int
    /// Always present, though it need be only when it differs from what was asked for.
    package var scope: String
    /// nil with client credentials, which are as good as one (section 4.4.3).
    package var refreshToken: Secret<String>?

    package init(_ grant: Grant, token: Secret<String>) {
        accessToken = token
        expiresIn = grant.lifetime
        scope = grant.scopes.description
        // RFC 9449 section 5: a token bound to a key is not a bearer token.
        if grant.confirmation?.keyThumbprint != nil { tokenType = "DPoP" }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(accessToken.reveal(), forKey: .accessToken)
        try container.encode(tokenType, forKey: .tokenType)
        try container.encode(expiresIn, forKey: .expiresIn)
        try container.encode(scope, forKey: .scope)
        try container.encodeIfPresent(refreshToken?.reveal(), forKey: .refreshToken)
    }

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case scope
        case refreshToken = "refresh_token"
    }
}
