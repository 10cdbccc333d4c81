package import Auth

package import struct Foundation.Date
package import struct Foundation.TimeInterval

/// The rules for assertions that authenticate a client (RFC 7523 section 3), in the order in which they are asked.
package enum ClientAssertionChecks {
    /// form → algorithm → signature → client → audience → times → not-replayed.
    /// - Parameters:
    ///   - audiences: What the issuer is called by; one of them must be the only audience.
    ///   - memory: Where used assertions are remembered.
    package static func all(audiences: [String], memory: ProofMemory) -> Verifier<ClientAssertionEvidence> {
        Verifier([form, algorithm, signature, client, audience(audiences), times, notReplayed(memory)])
    }

    /// The longest life of an assertion, in seconds: it is remembered for that long.
    package static let maximumLifetime: TimeInterval = 600

    package static let form = Check<ClientAssertionEvidence>("form") { evidence, _ in
        do throws(UnverifiedToken.Malformed) {
            evidence.unverified = try UnverifiedToken(parsing: evidence.assertion)
            return nil
        } catch {
            return Refusal(.malformed, error.detail)
        }
    }

    /// An asymmetric algorithm of the allow-list; an access token is no assertion (RFC 8725 section 3.12).
    package static let algorithm = Check<ClientAssertionEvidence>("algorithm") { evidence, _ in
        guard let header = evidence.unverified?.header else { return unread }
        guard header["crit"] == nil, header["b64"] == nil else { return Refusal(.malformed, "has a critical header") }
        if let type = header["typ"]?.string, !["jwt", "client-authentication+jwt"].contains(type.lowercased()) {
            return Refusal(.type, "typ is that of another token")
        }
        return header["alg"]?.string.flatMap(SigningAlgorithm.init) == nil ? Refusal(.algorithm, "alg is none of the allowed ones") : nil
    }

    /// Made with a registered key: the one it names, or any of them when it names none.
    package static let signature = Check<ClientAssertionEvidence>("signature") { evidence, _ in
        guard let token = evidence.unverified else { return unread }
        let named = token.header["kid"]?.string
        let fitting = evidence.keys.filter { key in
            key.algorithm.rawValue == token.header["alg"]?.string && (named == nil || named == key.kid)
        }
        guard fitting.contains(where: { $0.isValid(signature: token.signature, for: token.signingInput) }) else {
            return Refusal(.signature, "the signature is by none of the client's keys")
        }
        return nil
    }

    /// `iss` and `sub` are the client (section 3, items 1 and 2).
    package static let client = Check<ClientAssertionEvidence>("client") { evidence, _ in
        guard let claims = evidence.unverified?.claims else { return unread }
        for name in ["iss", "sub"] where claims[name]?.string?.isIdentical(to: evidence.clientID) != true {
            return Refusal(.claims, "\(name) is not the client")
        }
        return nil
    }

    /// Meant for this issuer and nobody else (section 3, item 3).
    package static func audience(_ audiences: [String]) -> Check<ClientAssertionEvidence> {
        Check("audience") { evidence, _ in
            guard let claim = evidence.unverified?.claims["aud"] else { return Refusal(.claims, "aud is absent") }
            guard let named = claim.strings ?? claim.string.map({ [$0] }), named.count == 1 else {
                return Refusal(.audience, "aud is not one audience")
            }
            return audiences.contains { $0.isIdentical(to: named[0]) } ? nil : Refusal(.audience, "aud is somebody else")
        }
    }

    /// Now is before `exp`, which is not far off, and not before `nbf` (section 3, items 4 to 6).
    package static let times = Check<ClientAssertionEvidence>("times") { evidence, now in
        guard let claims = evidence.unverified?.claims else { return unread }
        for name in ["exp", "nbf", "iat"] where claims[name] != nil && claims[name]?.number == nil {
            return Refusal(.claims, "\(name) is not a number of seconds")
        }
        let now = now.timeIntervalSince1970
        guard let expiry = claims["exp"]?.number else { return Refusal(.claims, "exp is absent") }
        if now >= expiry { return Refusal(.expired, "exp has passed") }
        if expiry - now > maximumLifetime { return Refusal(.claims, "exp is more than \(Int(maximumLifetime)) s ahead") }
        if let start = claims["nbf"]?.number, now < start - 60 { return Refusal(.notYetValid, "nbf has not come") }
        return nil
    }

    /// Used once (section 3, item 7; here it is required).
    package static func notReplayed(_ memory: ProofMemory) -> Check<ClientAssertionEvidence> {
        Check("not-replayed") { evidence, now in
            guard let claims = evidence.unverified?.claims, let expiry = claims["exp"]?.number else { return unread }
            guard let jti = claims["jti"]?.string, !jti.isEmpty, jti.utf8.count <= 256 else { return Refusal(.claims, "jti is absent") }
            let end = Date(timeIntervalSince1970: expiry)
            let holder = ProofHolder(evidence.clientID, isKnown: evidence.isKnown)
            switch memory.remember(jti, of: holder, until: end, at: now) {
            case .fresh: return nil
            case .used: return Refusal(.replayed, "jti was used before")
            case .full: return Refusal(.throttled, "so many assertions were used lately that no more can be remembered")
            }
        }
    }

    private static let unread = Refusal(.malformed, "no assertion was read")
}
