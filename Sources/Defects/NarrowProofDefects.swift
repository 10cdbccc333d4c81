import Auth
import Foundation
import HTTPTypes
import OAuth
import Server

extension Defect {
    /// Servers that ask of a proof of possession all but one thing, and of a bound token as well.
    static let narrowProofDefects: [Defect] = [
        Defect("server/takes-proofs-for-any-method", server: { $0.proofs = $0.proofs.dropping("method") }),
        Defect("server/takes-proofs-for-any-url", server: { $0.proofs = $0.proofs.dropping("target") }),
        excusingProofs("server/takes-proofs-for-no-token", "access-token") { evidence, _ in evidence.unverified?.claims["ath"] == nil },
        excusingProofs("server/takes-proofs-for-other-tokens", "access-token") { evidence, _ in evidence.unverified?.claims["ath"] != nil },
        excusingProofs("server/takes-old-proofs", "time") { evidence, now in
            evidence.unverified?.claims["iat"]?.number.map { $0 < now.timeIntervalSince1970 } ?? false
        },
        excusingProofs("server/takes-proofs-from-the-future", "time") { evidence, now in
            evidence.unverified?.claims["iat"]?.number.map { $0 > now.timeIntervalSince1970 } ?? false
        },
        Defect(
            "server/ignores-the-proofs-signature",
            server: { $0.proofs = $0.proofs.replacing("signature", with: carriedKey) }),
        believingProofs("server/believes-proofs-without-algorithm", "none"),
        believingProofs("server/believes-proofs-with-a-mac", "HS256"),
        Defect(
            "server/takes-private-keys-in-proofs",
            server: { parts in
                guard let right = parts.proofs.checks.first(where: { $0.name == "key" }) else { return }
                parts.proofs = parts.proofs.replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        guard let sent = evidence.unverified, var key = sent.header["jwk"]?.object, key["d"] != nil else {
                            return await right(&evidence, at: now)
                        }
                        key["d"] = nil
                        evidence.unverified = UnverifiedToken(
                            header: sent.header.merging(["jwk": .object(key)]) { $1 }, claims: sent.claims, signature: sent.signature,
                            signingInput: sent.signingInput)
                        return await DPoPChecks.key(&evidence, at: now)
                    })
            }),
        excusingBinding("server/takes-unbound-tokens") { $0.claims?["cnf"] == nil },
        excusingBinding("server/takes-bound-tokens-as-bearer-tokens") { $0.claims?["cnf"] != nil && $0.keyThumbprint == nil },
        Defect(
            "server/does-without-proof-where-there-is-none",
            server: { parts in
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    guard case .proven(let token) = request.bearer, let field = HTTPField.Name("DPoP"), request.headers[field] == nil
                    else { return await right(parts, request, policy, now) }
                    var (parts, request) = (parts, request)
                    request.headers[.authorization] = "Bearer \(token.reveal())"
                    parts.tokens = parts.tokens.dropping("binding")
                    return await right(parts, request, policy, now)
                }
            }),
    ]

    /// The key that a proof carries is taken for the key that made it.
    static let carriedKey = Check<DPoPEvidence>("signature") { evidence, _ in
        evidence.keyThumbprint = evidence.unverified?.header["jwk"]?.object.flatMap(JSONWebKey.thumbprint(of:))
        return evidence.keyThumbprint == nil ? Refusal(.proof) : nil
    }

    /// - Parameter excuse: Which proofs pass a check that they fail.
    private static func excusingProofs(
        _ id: String, _ name: String, _ excuse: @escaping @Sendable (DPoPEvidence, Date) -> Bool
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.proofs.checks.first(where: { $0.name == name }) else { return }
                parts.proofs = parts.proofs.replacing(
                    name, with: Check(name) { evidence, now in excuse(evidence, now) ? nil : await right(&evidence, at: now) })
            })
    }

    /// - Parameter algorithm: What a proof may name, and is then believed.
    private static func believingProofs(_ id: String, _ algorithm: String) -> Defect {
        Defect(
            id,
            server: { parts in
                parts.proofs = Verifier(
                    parts.proofs.checks.map { check in
                        guard ["algorithm", "key", "signature"].contains(check.name) else { return check }
                        return Check(check.name) { evidence, now in
                            guard evidence.unverified?.header["alg"]?.string == algorithm else { return await check(&evidence, at: now) }
                            return check.name == "signature" ? await carriedKey(&evidence, at: now) : nil
                        }
                    })
            })
    }

    /// - Parameter excuse: Which tokens need not be bound to what was shown.
    private static func excusingBinding(_ id: String, _ excuse: @escaping @Sendable (AccessTokenEvidence) -> Bool) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.tokens.checks.first(where: { $0.name == "binding" }) else { return }
                parts.tokens = parts.tokens.replacing(
                    "binding", with: Check("binding") { evidence, now in excuse(evidence) ? nil : await right(&evidence, at: now) })
            })
    }
}
