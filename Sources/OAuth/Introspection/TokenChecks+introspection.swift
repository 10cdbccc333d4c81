package import Auth

import struct Foundation.Date

/// The rules for tokens that the issuer is asked about (RFC 7662).
extension TokenChecks {
    /// The characters of a bearer token (RFC 6750 section 2.1), at most 8 KiB. Refuses with `malformed`.
    package static let opaqueForm = Check<AccessTokenEvidence>("form") { evidence, _ in
        let token = evidence.token.reveal()
        guard (1...UnverifiedToken.maximumLength).contains(token.utf8.count), BearerToken.isValid(token) else {
            return Refusal(.malformed, "not the characters of a bearer token")
        }
        // Many issuers' tokens are JWTs nevertheless. Their `iss` says which issuer to ask, and no more than that.
        evidence.unverified = try? UnverifiedToken(parsing: token)
        return nil
    }

    /// An issuer says that the token is active and an access token. Refuses with `revoked` (or `expired` where the token
    /// itself says so), `type`, or `issuer-unreachable`: no answer is never a yes.
    package static func active(at issuers: [TrustedIssuer], asking introspector: any Introspector) -> Check<AccessTokenEvidence> {
        Check("active") { evidence, now in
            let asked = candidates(among: issuers, for: evidence.unverified)
            guard !asked.isEmpty else { return Refusal(.issuer, "iss is none of the trusted issuers") }
            var silent: TrustedIssuer?
            for issuer in asked {
                switch await introspector.introspect(token: evidence.token.reveal(), issuer: issuer.issuer) {
                case .inactive: continue
                case .unreachable: silent = issuer
                case .active(let claims):
                    guard isAccessToken(claims) else { return Refusal(.type, "token_type is not that of an access token") }
                    evidence.issuer = issuer
                    evidence.claims = claims
                    return nil
                }
            }
            if let silent { return Refusal(.issuerUnreachable, "\(silent.issuer) gave no answer") }
            if let expiry = evidence.unverified?.claims["exp"]?.number, expiry <= now.timeIntervalSince1970 {
                return Refusal(.expired, "the issuer says it is not active, and exp has passed")
            }
            return Refusal(.revoked, "the issuer says it is not active: revoked, or never issued")
        }
    }

    /// The answer's `iss`, where it has one, is the issuer that was asked. Refuses with `issuer`.
    package static let answeringIssuer = Check<AccessTokenEvidence>("issuer") { evidence, _ in
        guard let claims = evidence.claims, let issuer = evidence.issuer else { return unvouched }
        guard let claim = claims["iss"] else { return nil }
        return claim.string?.isIdentical(to: issuer.issuer) == true ? nil : Refusal(.issuer, "iss is not \(issuer.issuer)")
    }

    /// A JWT's own issuer, so that no other gets to see the token; every issuer for a token that does not say.
    private static func candidates(among issuers: [TrustedIssuer], for token: UnverifiedToken?) -> [TrustedIssuer] {
        guard let name = token?.claims["iss"]?.string else { return issuers }
        return issuers.filter { $0.issuer.isIdentical(to: name) }
    }

    /// RFC 7662 section 2.2: `token_type` is optional. A refresh token is active too, and is no access token.
    private static func isAccessToken(_ claims: [String: JSONValue]) -> Bool {
        guard let type = claims["token_type"] else { return true }
        return ["bearer", "access_token", "dpop"].contains(type.string?.lowercased() ?? "")
    }
}
