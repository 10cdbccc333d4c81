package import Auth

/// The rules up to the signature: afterwards, and not before, the claims are the issuer's.
extension TokenChecks {
    /// Three parts of strict base64url, JSON objects without ambiguity, at most 8 KiB. Refuses with `malformed`.
    package static let form = Check<AccessTokenEvidence>("form") { evidence, _ in
        do throws(UnverifiedToken.Malformed) {
            evidence.unverified = try UnverifiedToken(parsing: evidence.token.reveal())
            return nil
        } catch {
            return Refusal(.malformed, error.detail)
        }
    }

    /// An access token and no other JWT (RFC 9068 section 4: `at+jwt`), signed with an algorithm of the allow-list (RFC 8725
    /// sections 3.1 and 3.11). Refuses with `type`, with `algorithm`, or with `malformed` for any `crit` or `b64`: no
    /// extension is understood here (RFC 7515 section 4.1.11, RFC 7797 section 7).
    package static let typeAndAlgorithm = Check<AccessTokenEvidence>("type-and-algorithm") { evidence, _ in
        guard let header = evidence.unverified?.header else { return unread }
        guard header["crit"] == nil, header["b64"] == nil else { return Refusal(.malformed, "has a critical header") }
        guard let type = header["typ"]?.string, isAccessTokenType(type) else { return Refusal(.type, "typ is not at+jwt") }
        guard header["alg"]?.string.flatMap(SigningAlgorithm.init) != nil else {
            return Refusal(.algorithm, "alg is none of the allowed ones")
        }
        return nil
    }

    /// The issuer that the token claims is trusted, and published a key under the token's `kid` for the token's `alg`. A key
    /// never counts for another issuer (RFC 8725 section 3.8); `jku`, `jwk`, `x5u` and `x5c` are not looked at.
    /// Refuses with `claims` (no `iss`), `issuer`, `key`, `algorithm`, or `issuer-unreachable`.
    package static func key(of issuers: [TrustedIssuer], from keys: any KeySource) -> Check<AccessTokenEvidence> {
        Check("key") { evidence, _ in
            guard let token = evidence.unverified else { return unread }
            guard let name = token.claims["iss"]?.string else { return Refusal(.claims, "iss is absent or not a string") }
            guard let issuer = issuers.first(where: { $0.issuer.isIdentical(to: name) }) else {
                return Refusal(.issuer, "iss is none of the trusted issuers")
            }
            guard let kid = token.header["kid"]?.string, (1...maximumKeyIDLength).contains(kid.utf8.count) else {
                return Refusal(.key, "kid is absent or not a short string")
            }
            switch await keys.keys(issuer: issuer.issuer, kid: kid) {
            case .none: return Refusal(.key, "\(issuer.issuer) publishes no such key")
            case .unreachable: return Refusal(.issuerUnreachable, "the keys of \(issuer.issuer) cannot be had")
            case .key(let key):
                guard token.header["alg"]?.string == key.algorithm.rawValue, issuer.algorithms.contains(key.algorithm) else {
                    return Refusal(.algorithm, "the key is for \(key.algorithm.rawValue)")
                }
                evidence.issuer = issuer
                evidence.key = key
                return nil
            }
        }
    }

    /// The key made the signature (RFC 7515 section 5.2). Refuses with `signature`.
    package static let signature = Check<AccessTokenEvidence>("signature") { evidence, _ in
        guard let token = evidence.unverified, let key = evidence.key else { return unvouched }
        guard key.isValid(signature: token.signature, for: token.signingInput) else {
            return Refusal(.signature, "the signature is not by \(key.kid)")
        }
        evidence.claims = token.claims
        return nil
    }

    /// Long enough for any thumbprint or UUID; a key identifier is a look-up, not a payload.
    private static let maximumKeyIDLength = 256

    private static let unread = Refusal(.malformed, "no token was read")

    /// RFC 7515 section 4.1.9: a media type, so letter case does not matter, and `application/` may be left out.
    private static func isAccessTokenType(_ type: String) -> Bool {
        ["at+jwt", "application/at+jwt"].contains(type.lowercased())
    }
}
