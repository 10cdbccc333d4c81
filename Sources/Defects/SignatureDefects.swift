import Auth
import Foundation
import HTTPTypes
import OAuth
import Server
import Synchronization

extension Defect {
    /// Tokens that are read or verified in another way than they must be.
    static let signatureDefects: [Defect] = [
        Defect(
            "server/takes-tokens-without-a-signature",
            server: { parts in
                parts.vouch("signature") { evidence in evidence.unverified?.signature.isEmpty == true }
            }),
        Defect(
            "server/takes-zero-for-a-signature",
            server: { parts in
                parts.vouch("signature") { evidence in
                    guard let signature = evidence.unverified?.signature, signature.count == 64 else { return false }
                    return signature.allSatisfy { $0 == 0 }
                }
            }),
        Defect(
            "server/takes-the-keys-algorithm-for-any",
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("key"), let rightType = parts.tokenCheck("type-and-algorithm") else {
                    return
                }
                let (issuers, source) = (parts.issuers, parts.keySource)
                let known: @Sendable (AccessTokenEvidence) -> Bool = { evidence in
                    let name = evidence.unverified?.header["alg"]?.string ?? ""
                    return !["RS256", "ES256"].contains(name) && ["ES", "PS", "RS", "Ed"].contains { name.hasPrefix($0) }
                }
                parts.tokens = parts.tokens.replacing(
                    "type-and-algorithm",
                    with: Check("type-and-algorithm") { evidence, now in
                        known(evidence) ? nil : await rightType(&evidence, at: now)
                    }
                ).replacing(
                    "key",
                    with: Check("key") { evidence, now in
                        guard known(evidence), let kid = evidence.unverified?.header["kid"]?.string, let issuer = issuers.first,
                            case .key(let key) = await source.keys(issuer: issuer.issuer, kid: kid)
                        else { return await right(&evidence, at: now) }
                        (evidence.issuer, evidence.key) = (issuer, key)
                        return nil
                    })
            }),
        reading("server/decodes-base64-loosely") { request, _ in
            guard let shown = request.headers[.authorization] else { return }
            request.headers[.authorization] = shown.replacing("=", with: "")
        },
        reading("server/passes-over-what-is-no-letter") { request, _ in
            guard let shown = request.headers[.authorization] else { return }
            request.headers[.authorization] = shown.replacing("~", with: "")
        },
        reading("server/reads-json-tokens") { request, _ in
            guard case .token(let text) = request.bearer, let bytes = Base64URL.decode(text.reveal()),
                let jws = (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: String], let head = jws["protected"],
                let payload = jws["payload"], let signature = jws["signature"]
            else { return }
            request.headers[.authorization] = "Bearer \(head).\(payload).\(signature)"
        },
        rereading("server/lets-the-last-member-of-a-token-win", loosely),
        rereading("server/lets-the-first-member-of-a-token-win", withoutSecondThoughts),
        Defect(
            "server/ignores-critical-headers",
            server: { parts in
                guard parts.isForJWTs else { return }
                parts.tokens = parts.tokens.replacing(
                    "type-and-algorithm",
                    with: Check("type-and-algorithm") { evidence, now in
                        guard let token = evidence.unverified, token.header["crit"] != nil || token.header["b64"] != nil else {
                            return await TokenChecks.typeAndAlgorithm(&evidence, at: now)
                        }
                        var plain = evidence
                        plain.unverified = UnverifiedToken(
                            header: token.header.filter { !["crit", "b64"].contains($0.key) }, claims: token.claims,
                            signature: token.signature,
                            signingInput: token.signingInput)
                        return await TokenChecks.typeAndAlgorithm(&plain, at: now)
                    })
            }),
        judging("server/dies-of-far-ends") { request, _ in
            guard case .token(let text) = request.bearer, let payload = text.reveal().split(separator: ".").dropFirst().first,
                let expiry = loosely(payload)?["exp"]?.number, expiry > 1e19
            else { return nil }
            breakDown()
            return nil
        },
        judging("server/dies-of-deep-tokens") { request, _ in
            guard case .token(let text) = request.bearer, let payload = text.reveal().split(separator: ".").dropFirst().first,
                let bytes = Base64URL.decode(payload), bytes.count(where: { $0 == UInt8(ascii: "[") }) > 100
            else { return nil }
            breakDown()
            return nil
        },
    ]

    /// - Parameter read: How header and claims are read that the right server does not take for objects without ambiguity.
    private static func rereading(_ id: String, _ read: @escaping @Sendable (Substring) -> [String: OAuth.JSONValue]?) -> Defect {
        Defect(
            id,
            server: { parts in
                guard parts.isForJWTs, let right = parts.tokenCheck("form") else { return }
                parts.tokens = parts.tokens.replacing(
                    "form",
                    with: Check("form") { evidence, now in
                        guard let refusal = await right(&evidence, at: now) else { return nil }
                        let pieces = evidence.token.reveal().split(separator: ".", omittingEmptySubsequences: false)
                        guard pieces.count == 3, let header = read(pieces[0]), let claims = read(pieces[1]),
                            let signature = Base64URL.decode(pieces[2])
                        else { return refusal }
                        evidence.unverified = UnverifiedToken(
                            header: header, claims: claims, signature: signature, signingInput: Array("\(pieces[0]).\(pieces[1])".utf8))
                        return nil
                    })
            })
    }

    /// JSON without its last member, where one of that name stands before it.
    private static func withoutSecondThoughts(_ part: Substring) -> [String: OAuth.JSONValue]? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let start = text.range(of: ",\"", options: .backwards) else { return nil }
        let name = "\"" + text[start.upperBound...].prefix { $0 != "\"" } + "\":"
        let isSecond = text[..<start.lowerBound].contains(name)
        return try? StrictJSON.parseObject(isSecond ? Array((text[..<start.lowerBound] + "}").utf8) : bytes)
    }

    /// JSON as Foundation reads it: of two members of one name one is left.
    private static func loosely(_ part: Substring) -> [String: OAuth.JSONValue]? {
        guard let bytes = Base64URL.decode(part), let object = LooseBody.object(bytes) else { return nil }
        return try? StrictJSON.parseObject(LooseBody.bytes(object))
    }
}

extension ServerParts {
    /// Lets a check pass for some tokens, whose claims then count.
    mutating func vouch(_ name: String, for loose: @escaping @Sendable (AccessTokenEvidence) -> Bool) {
        guard let right = tokens.checks.first(where: { $0.name == name }) else { return }
        tokens = tokens.replacing(
            name,
            with: Check(name) { evidence, now in
                guard loose(evidence) else { return await right(&evidence, at: now) }
                evidence.claims = evidence.unverified?.claims
                return nil
            })
    }
}
