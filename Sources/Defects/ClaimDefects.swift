import Auth
import Foundation
import HTTPTypes
import OAuth
import Server
import Synchronization

extension Defect {
    /// Claims that are read loosely.
    static let claimDefects: [Defect] = [
        Defect(
            "server/reads-times-from-texts",
            server: { parts in
                guard parts.isForJWTs else { return }
                let leeway = parts.leeway
                parts.tokens = parts.tokens.replacing(
                    "times",
                    with: Check("times") { evidence, now in
                        for name in ["exp", "nbf", "iat"] {
                            if let number = evidence.claims?[name]?.string.flatMap(Double.init) { evidence.claims?[name] = .number(number) }
                        }
                        return await TokenChecks.times(leeway: leeway)(&evidence, at: now)
                    })
            }),
        Defect("server/takes-tokens-without-names", server: { if $0.isForJWTs { $0.tokens = $0.tokens.dropping("required-claims") } }),
        Defect(
            "server/compares-audiences-by-prefix",
            server: { parts in
                guard parts.isForJWTs else { return }
                let own = parts.resource
                parts.tokens = parts.tokens.replacing(
                    "audience",
                    with: Check("audience") { evidence, now in
                        if let text = evidence.claims?["aud"]?.string, text.hasPrefix(own) { return nil }
                        return await TokenChecks.audience(own)(&evidence, at: now)
                    })
            }),
        Defect(
            "server/wants-one-audience",
            server: { parts in
                guard parts.isForJWTs else { return }
                let own = parts.resource
                parts.tokens = parts.tokens.replacing(
                    "audience",
                    with: Check("audience") { evidence, now in
                        guard evidence.claims?["aud"]?.string != nil else { return Refusal(.claims, "aud is not a string") }
                        return await TokenChecks.audience(own)(&evidence, at: now)
                    })
            }),
        Defect(
            "server/compares-issuers-loosely",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("key") else { return }
                let (issuers, source) = (parts.issuers, parts.keySource)
                let tidy: @Sendable (String) -> String = { $0.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "/")) }
                parts.tokens = parts.tokens.dropping("issuer").replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        guard let name = evidence.unverified?.claims["iss"]?.string, let kid = evidence.unverified?.header["kid"]?.string,
                            let issuer = issuers.first(where: { tidy($0.issuer) == tidy(name) }), issuer.issuer != name
                        else { return await right(&evidence, at: now) }
                        guard case .key(let key) = await source.keys(issuer: issuer.issuer, kid: kid) else { return Refusal(.key) }
                        (evidence.issuer, evidence.key) = (issuer, key)
                        return nil
                    })
            }),
        Defect(
            "server/pools-the-keys-of-all-issuers",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("key") else { return }
                let (issuers, source) = (parts.issuers, parts.keySource)
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        let refusal = await right(&evidence, at: now)
                        guard let refusal, refusal.reason == .key, let kid = evidence.unverified?.header["kid"]?.string else {
                            return refusal
                        }
                        guard let named = evidence.unverified?.claims["iss"]?.string else { return refusal }
                        for other in issuers {
                            guard case .key(let key) = await source.keys(issuer: other.issuer, kid: kid) else { continue }
                            (evidence.issuer, evidence.key) = (issuers.first { $0.issuer == named }, key)
                            return nil
                        }
                        return refusal
                    })
            }),
        Defect(
            "server/takes-lists-of-scopes",
            server: { parts in
                guard parts.isForJWTs else { return }
                parts.tokens = parts.tokens.replacing(
                    "required-claims",
                    with: Check("required-claims") { evidence, now in
                        if let list = evidence.claims?["scope"]?.strings {
                            evidence.claims?["scope"] = .string(list.joined(separator: " "))
                        }
                        return await TokenChecks.requiredClaims(&evidence, at: now)
                    })
            }),
        reading("server/reads-tokens-from-the-address") { request, _ in
            guard request.headers[.authorization] == nil, let token = request.parameters["access_token"] else { return }
            request.headers[.authorization] = "Bearer \(token)"
        },
    ]

    /// What an issuer answers about a token, read generously.
    static let introspectionDefects: [Defect] = [
        Defect(
            "server/takes-inactive-for-active",
            server: { parts in parts.introspect { $1 == .inactive ? $0 : $1 } }),
        Defect(
            "server/lets-in-whom-nobody-vouches-for",
            server: { parts in parts.introspect { $1 == .unreachable ? $0 : $1 } }),
        Defect(
            "server/takes-refresh-tokens",
            server: { parts in
                parts.introspect { _, answer in
                    guard case .active(var claims) = answer, claims["token_type"]?.string?.lowercased() != "bearer" else { return answer }
                    claims["token_type"] = nil
                    return .active(claims)
                }
            }),
        Defect(
            "server/ignores-the-answers-issuer",
            server: { if $0.asksTheIssuer { $0.tokens = $0.tokens.dropping("issuer") } }),
        Defect(
            "server/takes-tokens-of-nobody",
            server: { parts in
                parts.introspect { _, answer in
                    guard case .active(var claims) = answer else { return answer }
                    if claims["sub"] == nil, claims["client_id"] == nil { claims["sub"] = .string("nobody") }
                    return .active(claims)
                }
            }),
    ]
}

extension ServerParts {
    /// Whether tokens are verified here.
    var isForJWTs: Bool { tokens.checks.contains { $0.name == "signature" } }

    /// Whether the issuer is asked about each token.
    var asksTheIssuer: Bool { tokens.checks.contains { $0.name == "active" } }

    /// The check of tokens of that name, as far as it has been bent.
    func tokenCheck(_ name: String) -> Check<AccessTokenEvidence>? { tokens.checks.first { $0.name == name } }

    /// Puts another reading of the issuer's answers in the place of the right one.
    /// - Parameter read: Receives the last answer that said active, and this one.
    mutating func introspect(_ read: @escaping @Sendable (IntrospectionAnswer, IntrospectionAnswer) -> IntrospectionAnswer) {
        guard asksTheIssuer else { return }
        askForTokens(GenerousReader(over: introspector, read: read))
    }

    /// Has somebody else asked about tokens; what the answers are held to stays.
    mutating func askForTokens(_ introspector: any Introspector) {
        tokens = tokens.replacing("active", with: TokenChecks.active(at: issuers, asking: introspector))
    }
}

/// Remembers the last answer that said active.
private final class GenerousReader: Introspector {
    private let introspector: any Introspector
    private let read: @Sendable (IntrospectionAnswer, IntrospectionAnswer) -> IntrospectionAnswer
    private let last = Mutex(IntrospectionAnswer.inactive)

    init(over introspector: any Introspector, read: @escaping @Sendable (IntrospectionAnswer, IntrospectionAnswer) -> IntrospectionAnswer) {
        self.introspector = introspector
        self.read = read
    }

    func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        let answer = await introspector.introspect(token: token, issuer: issuer)
        let outcome = read(last.withLock { $0 }, answer)
        if case .active = answer { last.withLock { $0 = answer } }
        return outcome
    }
}
