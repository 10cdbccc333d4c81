package import Auth

package import struct Foundation.TimeInterval

/// The rules on claims that somebody vouches for.
extension TokenChecks {
    /// `iss` is exactly the issuer whose key verified the signature. Refuses with `issuer`, or with `claims` without `iss`.
    package static func issuer(among issuers: [TrustedIssuer]) -> Check<AccessTokenEvidence> {
        Check("issuer") { evidence, _ in
            guard let claims = evidence.claims, let issuer = evidence.issuer else { return unvouched }
            guard let name = claims["iss"]?.string else { return Refusal(.claims, "iss is absent or not a string") }
            guard issuers.contains(where: { $0.issuer.isIdentical(to: name) }), name.isIdentical(to: issuer.issuer) else {
                return Refusal(.issuer, "iss is not \(issuer.issuer)")
            }
            return nil
        }
    }

    /// `aud` is this server, or a list with it (RFC 7519 section 4.1.3), compared exactly. Refuses with `audience`, or with
    /// `claims` where it is absent or of another type.
    package static func audience(_ audience: String) -> Check<AccessTokenEvidence> {
        Check("audience") { evidence, _ in
            guard let claims = evidence.claims else { return unvouched }
            guard let claim = claims["aud"], let named = claim.strings ?? claim.string.map({ [$0] }) else {
                return Refusal(.claims, "aud is absent or not a string or list of strings")
            }
            return named.contains { $0.isIdentical(to: audience) } ? nil : Refusal(.audience, "aud does not name \(audience)")
        }
    }

    /// Now is before `exp` and not before `nbf` (RFC 7519 sections 4.1.4 and 4.1.5); both are JSON numbers, as is `iat`.
    /// `exp` is required. Refuses with `expired`, `not-yet-valid`, or `claims`.
    package static func times(leeway: TimeInterval) -> Check<AccessTokenEvidence> {
        Check("times") { evidence, now in
            guard let claims = evidence.claims else { return unvouched }
            guard claims["exp"] != nil else { return Refusal(.claims, "exp is absent") }
            return judgeTimes(in: claims, at: now.timeIntervalSince1970, leeway: leeway)
        }
    }

    /// The same for an issuer's answer, in which `exp` is optional (RFC 7662 section 2.2).
    package static func answeredTimes(leeway: TimeInterval) -> Check<AccessTokenEvidence> {
        Check("times") { evidence, now in
            guard let claims = evidence.claims else { return unvouched }
            return judgeTimes(in: claims, at: now.timeIntervalSince1970, leeway: leeway)
        }
    }

    /// What RFC 9068 section 2.2 requires besides: `sub`, `client_id`, `iat`, `jti`; and a `scope`, where there is one, in
    /// the syntax of RFC 6749 section 3.3. Refuses with `claims`.
    package static let requiredClaims = Check<AccessTokenEvidence>("required-claims") { evidence, _ in
        guard let claims = evidence.claims else { return unvouched }
        for name in ["sub", "client_id", "jti"] where claims[name]?.string?.isEmpty != false {
            return Refusal(.claims, "\(name) is absent or not a string with content")
        }
        guard claims["iat"]?.number != nil else { return Refusal(.claims, "iat is absent or not a number") }
        if let scope = claims["scope"], scope.string.flatMap(ScopeSet.init(parsing:)) == nil {
            return Refusal(.claims, "scope is not a list of scope tokens")
        }
        return nil
    }

    /// The caller proves to hold what the token is bound to: the certificate of the connection (RFC 8705 section 3), or the
    /// key of its proof, in which case the token comes as `DPoP` (RFC 9449 section 7.1). A token that is bound to a key is not
    /// good as a bearer token, nor one that is not bound with a proof (section 7.2). Refuses with `binding`.
    ///
    /// - Parameter required: What every token must be bound to here; nil where unbound ones are good too.
    package static func binding(required: TokenBinding?) -> Check<AccessTokenEvidence> {
        Check("binding") { evidence, _ in
            guard let claims = evidence.claims else { return unvouched }
            guard let claim = claims["cnf"] else {
                if let required { return Refusal(.binding, "not bound to a \(required.thing)") }
                return evidence.keyThumbprint == nil ? nil : Refusal(.binding, "not bound to the key of the proof")
            }
            guard let confirmation = Confirmation(claim) else { return Refusal(.binding, "bound in a way that is not known here") }
            if let refusal = judge(confirmation.certificateThumbprint, evidence.certificateThumbprint, .certificate) { return refusal }
            if let refusal = judge(confirmation.keyThumbprint, evidence.keyThumbprint, .dpop) { return refusal }
            if confirmation.keyThumbprint == nil, evidence.keyThumbprint != nil {
                return Refusal(.binding, "not bound to the key of the proof")
            }
            switch required {
            case .certificate where confirmation.certificateThumbprint == nil: return Refusal(.binding, "not bound to a certificate")
            case .dpop where confirmation.keyThumbprint == nil: return Refusal(.binding, "not bound to a key")
            default: return nil
            }
        }
    }

    private static func judge(_ bound: String?, _ shown: String?, _ binding: TokenBinding) -> Refusal? {
        guard let bound else { return nil }
        guard let shown else { return Refusal(.binding, "bound to a \(binding.thing), and none was shown") }
        return bound.isIdentical(to: shown) ? nil : Refusal(.binding, "bound to another \(binding.thing)")
    }

    private static func judgeTimes(in claims: [String: JSONValue], at now: TimeInterval, leeway: TimeInterval) -> Refusal? {
        for name in ["exp", "nbf", "iat"] where claims[name] != nil && claims[name]?.number == nil {
            return Refusal(.claims, "\(name) is not a number of seconds")
        }
        if let expiry = claims["exp"]?.number, now >= expiry + leeway { return Refusal(.expired, "exp has passed") }
        if let start = claims["nbf"]?.number, now < start - leeway { return Refusal(.notYetValid, "nbf has not come") }
        return nil
    }
}
