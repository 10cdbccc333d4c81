import Auth
import HTTPTypes
import OAuth
import Server

extension Defect {
    /// Bent rules of tokens that are bound to a certificate or a key.
    static let proofDefects: [Defect] = [
        Defect("server/ignores-binding", server: { $0.tokens = $0.tokens.dropping("binding") }),
        Defect(
            "server/takes-tokens-without-proof",
            server: { parts in
                parts.tokens = parts.tokens.dropping("binding")
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    guard case .proven(let token) = request.bearer, let field = HTTPField.Name("DPoP"), request.headers[field] == nil
                    else { return await right(parts, request, policy, now) }
                    var request = request
                    request.headers[.authorization] = "Bearer \(token.reveal())"
                    return await right(parts, request, policy, now)
                }
            }),
        Defect("server/takes-the-first-of-two-proofs", server: { $0.proofs = $0.proofs.dropping("one-proof") }),
        Defect("server/ignores-the-proofs-type", server: { $0.proofs = $0.proofs.dropping("type") }),
        Defect(
            "server/believes-unsigned-proofs",
            server: { parts in
                parts.proofs = Verifier(
                    parts.proofs.checks.map { check in
                        guard ["algorithm", "key", "signature"].contains(check.name) else { return check }
                        return Check(check.name) { evidence, now in
                            guard await check(&evidence, at: now) != nil else { return nil }
                            return check.name == "signature" ? await carriedKey(&evidence, at: now) : nil
                        }
                    })
            }),
        Defect(
            "server/ignores-what-a-proof-is-for",
            server: { $0.proofs = $0.proofs.dropping("method").dropping("target").dropping("access-token") }),
        Defect("server/takes-proofs-of-any-age", server: { $0.proofs = $0.proofs.dropping("time") }),
        Defect("server/takes-proofs-twice", server: { $0.proofs = $0.proofs.dropping("not-replayed") }),
    ]
}
