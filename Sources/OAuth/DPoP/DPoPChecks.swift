package import Auth

package import struct Foundation.Date
package import struct Foundation.TimeInterval

/// The rules for proofs of possession (RFC 9449 section 4.3), in the order in which they are asked.
package enum DPoPChecks {
    /// one-proof → form → type → algorithm → key → signature → method → target → access-token → time → nonce → not-replayed.
    ///
    /// The last of them uses the proof up; see `beforeUse`.
    /// - Parameters:
    ///   - leeway: How far `iat` may lie from now, in seconds, either way.
    ///   - nonces: Set where proofs must carry a nonce of this side (section 8).
    ///   - memory: Where used proofs are remembered (section 11.1); nil: a proof is good as often as it is sent within `leeway`.
    package static func all(leeway: TimeInterval = 300, nonces: DPoPNonces? = nil, memory: ProofMemory? = nil) -> Verifier<DPoPEvidence> {
        Verifier(
            [oneProof, form, type, algorithm, key, signature, method, target, accessToken, time(leeway: leeway)]
                + (nonces.map { [nonce($0)] } ?? []) + (memory.map { [notReplayed($0, leeway: leeway)] } ?? []))
    }

    /// Exactly one `DPoP` field (item 1). Refuses with `missing` or `proof`.
    package static let oneProof = Check<DPoPEvidence>("one-proof") { evidence, _ in
        if evidence.proofs.isEmpty { return Refusal(.missing, "no proof of possession") }
        return evidence.proofs.count == 1 ? nil : Refusal(.proof, "\(evidence.proofs.count) proofs, not one")
    }

    /// A JWT with the claims a proof has (items 2 and 3).
    package static let form = Check<DPoPEvidence>("form") { evidence, _ in
        guard let text = evidence.proofs.first else { return Refusal(.missing, "no proof of possession") }
        do throws(UnverifiedToken.Malformed) {
            let proof = try UnverifiedToken(parsing: text)
            for name in ["jti", "htm", "htu"] where proof.claims[name]?.string?.isEmpty != false {
                return Refusal(.proof, "\(name) is absent or not a string with content")
            }
            guard proof.claims["iat"]?.number != nil else { return Refusal(.proof, "iat is absent or not a number") }
            guard let jti = proof.claims["jti"]?.string, jti.utf8.count <= 256 else { return Refusal(.proof, "jti is too long") }
            evidence.unverified = proof
            return nil
        } catch {
            return Refusal(.proof, error.detail)
        }
    }

    /// `typ` says that it is a proof and nothing else (item 4).
    package static let type = Check<DPoPEvidence>("type") { evidence, _ in
        evidence.unverified?.header["typ"]?.string?.lowercased() == "dpop+jwt" ? nil : Refusal(.proof, "typ is not dpop+jwt")
    }

    /// An asymmetric algorithm of the allow-list (item 5), and nothing critical that is not understood.
    package static let algorithm = Check<DPoPEvidence>("algorithm") { evidence, _ in
        guard let header = evidence.unverified?.header else { return unread }
        guard header["crit"] == nil, header["b64"] == nil else { return Refusal(.proof, "has a critical header") }
        return header["alg"]?.string.flatMap(SigningAlgorithm.init) == nil ? Refusal(.proof, "alg is none of the allowed ones") : nil
    }

    /// The public key is in the header, and no private one (items 6 and 7).
    package static let key = Check<DPoPEvidence>("key") { evidence, _ in
        guard let header = evidence.unverified?.header else { return unread }
        guard var members = header["jwk"]?.object else { return Refusal(.proof, "carries no key") }
        let secrets: Set = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
        guard secrets.isDisjoint(with: members.keys) else { return Refusal(.proof, "carries a private key") }
        if let own = members["alg"], own != header["alg"] { return Refusal(.proof, "the key is for another algorithm") }
        // The key is nobody's yet: its name is made from itself, whatever it is called.
        members["alg"] = header["alg"]
        members["kid"] = .string("proof")
        guard let key = await VerificationKey(published: members) else { return Refusal(.proof, "carries a key that cannot be used") }
        evidence.key = key
        return nil
    }

    /// Made with that key (item 6).
    package static let signature = Check<DPoPEvidence>("signature") { evidence, _ in
        guard let proof = evidence.unverified, let key = evidence.key else { return unread }
        guard key.isValid(signature: proof.signature, for: proof.signingInput) else {
            return Refusal(.proof, "the signature is not by the key it carries")
        }
        evidence.keyThumbprint = proof.header["jwk"]?.object.flatMap(JSONWebKey.thumbprint(of:))
        return evidence.keyThumbprint == nil ? Refusal(.proof, "the key has no thumbprint") : nil
    }

    /// For this method (item 8); methods are case-sensitive.
    package static let method = Check<DPoPEvidence>("method") { evidence, _ in
        evidence.unverified?.claims["htm"]?.string?.isIdentical(to: evidence.method) == true
            ? nil : Refusal(.proof, "htm is another method")
    }

    /// For this URL without query and fragment (item 9), equal after the normalisation of RFC 3986 section 6.2.
    package static let target = Check<DPoPEvidence>("target") { evidence, _ in
        guard let named = evidence.unverified?.claims["htu"]?.string.flatMap(TargetURL.init), let own = TargetURL(evidence.url) else {
            return Refusal(.proof, "htu is not a URL")
        }
        return named == own ? nil : Refusal(.proof, "htu is another URL")
    }

    /// For this access token (item 12; that the token is bound to the proof's key is `TokenChecks.binding`).
    package static let accessToken = Check<DPoPEvidence>("access-token") { evidence, _ in
        guard let token = evidence.accessToken else { return nil }
        let hash = evidence.unverified?.claims["ath"]?.string
        return hash?.isIdentical(to: DPoPProof.hash(of: token)) == true ? nil : Refusal(.proof, "ath is not of this access token")
    }

    /// Made about now (item 11, section 11.1). Refuses with `proof`.
    package static func time(leeway: TimeInterval) -> Check<DPoPEvidence> {
        Check("time") { evidence, now in
            guard let issuedAt = evidence.unverified?.claims["iat"]?.number else { return unread }
            return abs(now.timeIntervalSince1970 - issuedAt) <= leeway ? nil : Refusal(.proof, "iat is too far from now")
        }
    }

    /// With a nonce that this side gave out lately (item 10, section 8). Refuses with `nonce`.
    package static func nonce(_ nonces: DPoPNonces) -> Check<DPoPEvidence> {
        Check("nonce") { evidence, now in
            guard let nonce = evidence.unverified?.claims["nonce"]?.string else { return Refusal(.nonce, "no nonce") }
            return nonces.accepts(nonce, at: now) ? nil : Refusal(.nonce, "not a nonce of these minutes")
        }
    }

    /// Not used before (section 11.1). Refuses with `replayed`.
    package static func notReplayed(_ memory: ProofMemory, leeway: TimeInterval) -> Check<DPoPEvidence> {
        Check(useName) { evidence, now in
            guard let proof = evidence.unverified, let jti = proof.claims["jti"]?.string, let thumbprint = evidence.keyThumbprint,
                let issuedAt = proof.claims["iat"]?.number
            else { return unread }
            // As long as `time` would let it pass.
            let end = Date(timeIntervalSince1970: issuedAt + leeway)
            switch memory.remember("\(thumbprint) \(jti)", of: evidence.holder ?? ProofHolder(thumbprint), until: end, at: now) {
            case .fresh: return nil
            case .used: return Refusal(.replayed, "this proof was used before")
            case .full: return Refusal(.throttled, "so many proofs were used lately that no more can be remembered")
            }
        }
    }

    fileprivate static let useName = "not-replayed"

    private static let unread = Refusal(.proof, "no proof was read")
}

/// A proof is judged before the credential that comes with it, and used up only with a good one: anybody can make proofs, and who
/// has nothing else must not be able to fill the memory of those that were used.
extension Verifier<DPoPEvidence> {
    /// What leaves the proof as good as it was.
    package var beforeUse: Verifier { Verifier(checks.filter { $0.name != DPoPChecks.useName }) }

    /// What is good once.
    package var use: Verifier { Verifier(checks.filter { $0.name == DPoPChecks.useName }) }
}
