import Probing

/// What one caller of a scenario holds. Never written to a trace or a report.
struct Credential: Sendable {
    /// The scenario's name for it.
    var name: String
    /// Whose it is: a successor has its predecessor's principal.
    var principal: String
    var apiKey: String?
    var apiKeyID: String?
    var token: String?
    var clientID: String?
    var clientSecret: String?
    /// The user who signs in, where tokens are a user's; then `clientID` is a public client.
    var login: Login?
    /// The newest refresh token that its tokens came with.
    var refreshToken: String?
    /// The authorization code that its first token was got with, which is used up.
    var redeemed: CodeFlow.Code?
    var identity: ClientIdentity?
    var serial: String?
    /// SHA-256 of the certificate in DER, base64url, which tokens are bound to as `cnf.x5t#S256`.
    var thumbprint: String?
    /// The key that its tokens are bound to, where they are.
    var possession: PossessionKey?
    /// How its proofs are wrong: one of `Bend.proofs`; nil for right ones.
    var bentProof: String?
    /// When it expires on the subjects' clock, in seconds since 1970; the earliest of its parts.
    var expiry: Double = .infinity
    /// Seconds from issue to expiry.
    var lifetime: Double = .infinity
    var scopes: [String]
    /// Session identifiers of the older era, by listener.
    var session: String?

    /// The value of the Authorization header field, or nil where a certificate is all there is.
    var authorization: String? {
        let scheme = possession != nil && token != nil && bentProof != "as-bearer" ? "DPoP" : "Bearer"
        return (token ?? apiKey).map { "\(scheme) \($0)" }
    }

    /// Every value that must not be seen.
    var secrets: [String] {
        [apiKey, token, clientSecret, login?.password, refreshToken, redeemed?.code, redeemed?.verifier].compactMap { $0 }
    }
}

/// Who somebody is to a token issuer.
struct Login: Sendable, Hashable {
    var user: String
    var password: String
}
