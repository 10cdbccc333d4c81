import Auth
import Foundation
import OAuth
import Server
import Synchronization

extension Defect {
    /// Servers that fail one of several rules that stand close together: each lets one kind of token pass that the right check
    /// refuses, and no other.
    static let narrowTokenDefects: [Defect] = [
        excusing("server/takes-tokens-of-hosts-without-a-port", "audience") { evidence, _ in
            guard let audience = evidence.claims?["aud"]?.string, audience.hasPrefix("https://") else { return false }
            return audience.hasSuffix(Path.mcp) && !audience.dropFirst("https://".count).contains(":")
        },
        excusing("server/takes-tokens-for-nobody", "audience") { evidence, _ in evidence.claims?["aud"] == nil },
        Defect(
            "server/takes-any-issuer-with-tls",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("key") else { return }
                let (issuers, source) = (parts.issuers, parts.keySource)
                parts.excuse("issuer") { evidence, _ in evidence.claims?["iss"]?.string?.hasPrefix("https://") == true }
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        guard evidence.unverified?.claims["iss"]?.string?.hasPrefix("https://") == true, let issuer = issuers.first,
                            let kid = evidence.unverified?.header["kid"]?.string,
                            case .key(let key) = await source.keys(issuer: issuer.issuer, kid: kid)
                        else { return await right(&evidence, at: now) }
                        (evidence.issuer, evidence.key) = (issuer, key)
                        return nil
                    })
            }),
        // A clock that is more than five minutes off must be somebody else's fault.
        excusing("server/blames-the-clock-for-expiry", "times") { evidence, now in
            guard let expiry = evidence.claims?["exp"]?.number else { return false }
            return (300...3600).contains(now.timeIntervalSince1970 - expiry)
        },
        excusing("server/ignores-not-before", "times") { evidence, now in
            evidence.claims?["nbf"]?.number.map { $0 > now.timeIntervalSince1970 } ?? false
        },
        excusing("server/counts-seconds-in-32-bits", "times") { evidence, now in
            guard let start = evidence.claims?["nbf"]?.number, start > Double(Int32.max), start < 1e18 else { return false }
            return Double(Int32(truncatingIfNeeded: Int64(start))) <= now.timeIntervalSince1970
        },
        excusing("server/takes-tokens-without-expiry", "times") { evidence, _ in evidence.claims?["exp"] == nil },
        reheading("server/takes-tokens-without-a-type") { header in if header["typ"] == nil { header["typ"] = .string("at+jwt") } },
        reheading("server/takes-id-tokens") { header in if header["typ"]?.string == "JWT" { header["typ"] = .string("at+jwt") } },
        reheading("server/ignores-unknown-critical-headers") { header in if header["b64"] == nil { header["crit"] = nil } },
        reheading("server/takes-unencoded-payloads-without-notice") { header in if header["crit"] == nil { header["b64"] = nil } },
        Defect(
            "server/forgives-capitals-in-the-names-of-keys",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("key") else { return }
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        let refusal = await right(&evidence, at: now)
                        guard refusal?.reason == .key, let token = evidence.unverified, let kid = token.header["kid"]?.string,
                            kid != kid.lowercased()
                        else { return refusal }
                        defer { evidence.unverified = token }
                        evidence.unverified = token.naming(key: kid.lowercased())
                        return await right(&evidence, at: now)
                    })
            }),
        believing("server/believes-unsigned-tokens") { $0 == "none" && $1.isEmpty },
        believing("server/believes-other-spellings-of-none") { name, _ in name.lowercased() == "none" && name != "none" },
        believing("server/believes-longer-macs") { name, _ in ["HS384", "HS512"].contains(name) },
        believing("server/takes-an-rsa-key-for-all-of-rsa") { name, signature in
            ["RS384", "RS512", "PS256", "PS384", "PS512"].contains(name) && signature.count == 256
        },
        Defect(
            "server/takes-names-without-a-number-for-the-newest-key",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("key") else { return }
                let (issuers, source) = (parts.issuers, parts.keySource)
                let newest = Mutex<String?>(nil)
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        let refusal = await right(&evidence, at: now)
                        if refusal == nil { newest.withLock { $0 = evidence.key?.kid } }
                        guard refusal?.reason == .key, let kid = evidence.unverified?.header["kid"]?.string, kid.contains("-"),
                            kid.allSatisfy({ $0.isLowercase || $0 == "-" }), let name = newest.withLock({ $0 }),
                            let issuer = issuers.first, case .key(let key) = await source.keys(issuer: issuer.issuer, kid: name)
                        else { return refusal }
                        (evidence.issuer, evidence.key) = (issuer, key)
                        return nil
                    })
            }),
        Defect(
            "server/takes-silence-for-all-scopes",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("required-claims") else { return }
                parts.tokens = parts.tokens.replacing(
                    "required-claims",
                    with: Check("required-claims") { evidence, now in
                        if evidence.claims != nil, evidence.claims?["scope"] == nil {
                            evidence.claims?["scope"] = .string("mcp:read mcp:write")
                        }
                        return await right(&evidence, at: now)
                    })
            }),
        Defect("server/knows-two-keys-of-an-issuer", server: { $0.readKeys { FewKeys(over: $0, limit: 2) } }),
        Defect("server/remembers-keys-by-name", server: { $0.readKeys(NamedOnce.init) }),
    ]

    /// - Parameter excuse: Which tokens pass a check that they fail.
    private static func excusing(
        _ id: String, _ check: String, _ excuse: @escaping @Sendable (AccessTokenEvidence, Date) -> Bool
    ) -> Defect {
        Defect(id, server: { if $0.isForJWTs { $0.excuse(check, excuse) } })
    }

    /// - Parameter change: How the header is read before it is judged. The signature is over the header as it was sent.
    private static func reheading(_ id: String, _ change: @escaping @Sendable (inout [String: OAuth.JSONValue]) -> Void) -> Defect {
        Defect(
            id,
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("form") else { return }
                parts.tokens = parts.tokens.replacing(
                    "form",
                    with: Check("form") { evidence, now in
                        if let refusal = await right(&evidence, at: now) { return refusal }
                        guard let token = evidence.unverified else { return nil }
                        var header = token.header
                        change(&header)
                        evidence.unverified = UnverifiedToken(
                            header: header, claims: token.claims, signature: token.signature, signingInput: token.signingInput)
                        return nil
                    })
            })
    }

    /// - Parameter isTrusted: The algorithms and signatures that are believed without a further look.
    private static func believing(_ id: String, _ isTrusted: @escaping @Sendable (String, [UInt8]) -> Bool) -> Defect {
        Defect(
            id,
            server: { parts in
                guard parts.isForJWTs else { return }
                let issuers = parts.issuers
                parts.tokens = Verifier(
                    parts.tokens.checks.map { check in
                        guard ["type-and-algorithm", "key", "signature"].contains(check.name) else { return check }
                        return Check(check.name) { evidence, now in
                            guard let token = evidence.unverified, let name = token.header["alg"]?.string, isTrusted(name, token.signature)
                            else {
                                return await check(&evidence, at: now)
                            }
                            if check.name == "key" { evidence.issuer = issuers.first }
                            if check.name == "signature" { evidence.claims = evidence.unverified?.claims }
                            return nil
                        }
                    })
            })
    }
}

extension UnverifiedToken {
    fileprivate func naming(key: String) -> UnverifiedToken {
        var header = header
        header["kid"] = .string(key)
        return UnverifiedToken(header: header, claims: claims, signature: signature, signingInput: signingInput)
    }
}

extension ServerParts {
    /// Lets tokens pass one check of the list.
    fileprivate mutating func excuse(_ name: String, _ excuse: @escaping @Sendable (AccessTokenEvidence, Date) -> Bool) {
        guard let right = tokens.checks.first(where: { $0.name == name }) else { return }
        tokens = tokens.replacing(
            name, with: Check(name) { evidence, now in excuse(evidence, now) ? nil : await right(&evidence, at: now) })
    }

    /// Puts another source of keys before the right one.
    fileprivate mutating func readKeys(_ source: (any KeySource) -> any KeySource) {
        guard isForJWTs else { return }
        tokens = tokens.replacing("key", with: TokenChecks.key(of: issuers, from: source(keySource)))
    }
}

/// Has room for the first keys of each issuer that it is asked for.
private final class FewKeys: KeySource {
    private let source: any KeySource
    private let limit: Int
    private let names = Mutex<[String: Set<String>]>([:])

    init(over source: any KeySource, limit: Int) {
        self.source = source
        self.limit = limit
    }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        let answer = await source.keys(issuer: issuer, kid: kid)
        guard case .key = answer else { return answer }
        let isKnown = names.withLock { names in
            if names[issuer, default: []].count < limit { names[issuer, default: []].insert(kid) }
            return names[issuer]?.contains(kid) == true
        }
        return isKnown ? answer : .none
    }
}

/// Takes a key for the one that had its name first, while there is one of that name.
private final class NamedOnce: KeySource {
    private let source: any KeySource
    private let keys = Mutex<[[String]: VerificationKey]>([:])

    init(over source: any KeySource) { self.source = source }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        guard case .key(let key) = await source.keys(issuer: issuer, kid: kid) else {
            return await source.keys(issuer: issuer, kid: kid)
        }
        return keys.withLock { keys in
            let first = keys[[issuer, kid]] ?? key
            keys[[issuer, kid]] = first
            return .key(first)
        }
    }
}
