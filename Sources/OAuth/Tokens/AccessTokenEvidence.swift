package import Auth

/// What is known of a caller that shows an access token: at first only the text, then what the checks found out.
package struct AccessTokenEvidence: IdentifyingEvidence {
    /// What the caller sent.
    package let token: Secret<String>
    /// Thumbprint of the client certificate on the same connection, base64url SHA-256 of its DER form; nil without one.
    package let certificateThumbprint: String?
    /// RFC 7638 thumbprint of the key that the caller proved to hold for this request (RFC 9449); nil without a proof.
    package let keyThumbprint: String?
    /// The parts of a JWS; set by `form`. Nothing in it may be believed.
    package var unverified: UnverifiedToken?
    /// The issuer whose key or answer decides; set by `key`, or by `active`.
    package var issuer: TrustedIssuer?
    /// The issuer's key for this token; set by `key`.
    package var key: VerificationKey?
    /// The claims that somebody vouches for; set by `signature`, or by `active` from the issuer's answer.
    package var claims: [String: JSONValue]?

    package init(token: String, certificateThumbprint: String? = nil, keyThumbprint: String? = nil) {
        self.token = Secret(token)
        self.certificateThumbprint = certificateThumbprint
        self.keyThumbprint = keyThumbprint
    }

    /// The token as it can be believed; nil before somebody vouched for its claims, and when it names nobody.
    package var accessToken: AccessToken? {
        guard let claims, let issuer else { return nil }
        return AccessToken(claims: claims, issuer: issuer.issuer)
    }

    package var principal: Principal? {
        var principal = accessToken?.principal()
        principal?.tenant = issuer?.tenant
        return principal
    }

    /// Only what a signature or the issuer vouches for: an audit trail must not repeat what anybody may have made up.
    package var credential: CredentialID? {
        guard let claims, let issuer else { return nil }
        return .token(issuer: issuer.issuer, jti: claims["jti"]?.string)
    }
}
