import Auth
import Foundation
import OAuth
import Server
import Synchronization

extension Defect {
    /// Bent rules for access tokens. The right list for a JWT: form, type-and-algorithm, key, signature, issuer, audience,
    /// times, required-claims, binding; by introspection the issuer vouches in place of key and signature.
    static let tokenDefects: [Defect] = [
        Defect("server/ignores-audience", server: { $0.tokens = $0.tokens.dropping("audience") }),
        Defect("server/ignores-token-times", server: { $0.tokens = $0.tokens.dropping("times") }),
        Defect(
            "server/ignores-issuer",
            server: { parts in
                parts.tokens = parts.tokens.dropping("issuer")
                guard parts.tokens.checks.contains(where: { $0.name == "key" }) else { return }
                let (issuers, source) = (parts.issuers, parts.keySource)
                // Finds the key by its identifier alone, whoever the token says it is from.
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: Check("key") { evidence, _ in
                        guard let kid = evidence.unverified?.header["kid"]?.string else { return Refusal(.key) }
                        var refusal = Refusal(.key)
                        for issuer in issuers {
                            switch await source.keys(issuer: issuer.issuer, kid: kid) {
                            case .none: continue
                            case .unreachable: refusal = Refusal(.issuerUnreachable)
                            case .key(let key):
                                guard evidence.unverified?.header["alg"]?.string == key.algorithm.rawValue else {
                                    return Refusal(.algorithm)
                                }
                                (evidence.issuer, evidence.key) = (issuer, key)
                                return nil
                            }
                        }
                        return refusal
                    })
            }),
        Defect(
            "server/ignores-signature",
            server: { parts in
                guard parts.tokens.checks.contains(where: { $0.name == "signature" }) else { return }
                parts.tokens = parts.tokens.replacing(
                    "signature",
                    with: Check("signature") { evidence, _ in
                        evidence.claims = evidence.unverified?.claims
                        return nil
                    })
            }),
        Defect(
            "server/ignores-token-type",
            server: { parts in
                guard parts.tokens.checks.contains(where: { $0.name == "type-and-algorithm" }) else { return }
                parts.tokens = parts.tokens.replacing(
                    "type-and-algorithm",
                    with: Check("type-and-algorithm") { evidence, now in
                        guard let token = evidence.unverified else { return Refusal(.malformed) }
                        var typed = evidence
                        typed.unverified = UnverifiedToken(
                            header: token.header.merging(["typ": .string("at+jwt")]) { $1 }, claims: token.claims,
                            signature: token.signature, signingInput: token.signingInput)
                        return await TokenChecks.typeAndAlgorithm(&typed, at: now)
                    })
            }),
        Defect(
            "server/believes-other-algorithms",
            server: { parts in
                guard parts.tokens.checks.contains(where: { $0.name == "signature" }) else { return }
                let right = parts.tokens.checks
                let issuers = parts.issuers
                // An algorithm it does not know is left to "the library", which has nothing against it.
                parts.tokens = Verifier(
                    right.map { check in
                        guard ["type-and-algorithm", "key", "signature"].contains(check.name) else { return check }
                        return Check(check.name) { evidence, now in
                            let algorithm = evidence.unverified?.header["alg"]?.string
                            guard algorithm == "none" || algorithm == "HS256" else { return await check(&evidence, at: now) }
                            if check.name == "key" { evidence.issuer = issuers.first }
                            if check.name == "signature" { evidence.claims = evidence.unverified?.claims }
                            return nil
                        }
                    })
            }),
        Defect(
            "server/takes-any-key-of-the-issuer",
            server: { parts in
                guard let right = parts.tokenCheck("key") else { return }
                let last = Mutex<VerificationKey?>(nil)
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: Check("key") { [issuers = parts.issuers] evidence, now in
                        guard let refusal = await right(&evidence, at: now) else {
                            last.withLock { $0 = evidence.key }
                            return nil
                        }
                        // No key of that name: then the one that fitted last time.
                        guard refusal.reason == .key, let key = last.withLock({ $0 }) else { return refusal }
                        (evidence.issuer, evidence.key) = (issuers.first, key)
                        return nil
                    })
            }),
        Defect(
            "server/reads-jwks-once",
            server: { parts in
                guard parts.tokens.checks.contains(where: { $0.name == "key" }) else { return }
                let once = KeysReadOnce(over: parts.keySource)
                parts.tokens = parts.tokens.replacing("key", with: TokenChecks.key(of: parts.issuers, from: once))
            }),
        Defect(
            "server/remembers-introspection",
            server: { parts in
                guard parts.tokens.checks.contains(where: { $0.name == "active" }) else { return }
                let memory = RememberedAnswers(over: parts.introspector)
                parts.tokens = TokenChecks.introspection(
                    issuers: parts.issuers, audience: parts.resource, leeway: parts.leeway, introspector: memory)
            }),
    ]
}

/// Knows the keys it was asked for first, and no others ever after.
private final class KeysReadOnce: KeySource {
    private let source: any KeySource
    private let known = Mutex<[String: (kid: String, key: VerificationKey)]>([:])

    init(over source: any KeySource) { self.source = source }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        if let (known, key) = known.withLock({ $0[issuer] }) { return known == kid ? .key(key) : .none }
        let answer = await source.keys(issuer: issuer, kid: kid)
        if case .key(let key) = answer { known.withLock { $0[issuer] = (kid, key) } }
        return answer
    }
}

/// Asks about each token once.
private final class RememberedAnswers: Introspector {
    private let introspector: any Introspector
    private let answers = Mutex<[String: IntrospectionAnswer]>([:])

    init(over introspector: any Introspector) { self.introspector = introspector }

    func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        if let answer = answers.withLock({ $0[token] }) { return answer }
        let answer = await introspector.introspect(token: token, issuer: issuer)
        answers.withLock { $0[token] = answer }
        return answer
    }
}
