import Auth
import Crypto
import Foundation
import OAuth
import Server
import SwiftASN1
import Synchronization
import X509

extension Defect {
    /// Keys that come from elsewhere than the issuer, or too often, or too many of them.
    static let keySourceDefects: [Defect] = [
        Defect(
            "server/takes-the-key-that-a-token-brings",
            server: { parts in
                parts.find { evidence, _ in
                    guard let members = evidence.unverified?.header["jwk"]?.object else { return nil }
                    return await VerificationKey(published: members)
                }
            }),
        Defect(
            "server/takes-the-certificate-that-a-token-brings",
            server: { parts in
                parts.find { evidence, _ in
                    guard let text = evidence.unverified?.header["x5c"]?.array?.first?.string, let der = Data(base64Encoded: text),
                        let certificate = try? Certificate(derEncoded: [UInt8](der)),
                        let key = P256.Signing.PublicKey(certificate.publicKey)
                    else { return nil }
                    let point = key.x963Representation.dropFirst()
                    let members = [
                        "kty": "EC", "crv": "P-256", "kid": "brought", "alg": "ES256", "x": Base64URL.encode(Data(point.prefix(32))),
                        "y": Base64URL.encode(Data(point.suffix(32))),
                    ]
                    return await VerificationKey(published: members.mapValues { .string($0) })
                }
            }),
        Defect(
            "server/fetches-the-key-that-a-token-names",
            server: { parts in
                let lines = Lines(like: parts.configuration.issuers.first)
                parts.find { evidence, _ in
                    guard let address = evidence.unverified?.header["jku"]?.string else { return nil }
                    guard let body = await lines.fetch(address) else { return nil }
                    return await PublishedKeys(jwks: body)?.all.first
                }
            }),
        Defect(
            "server/fetches-the-certificate-that-a-token-names",
            server: { parts in
                let lines = Lines(like: parts.configuration.issuers.first)
                parts.find { evidence, _ in
                    if let address = evidence.unverified?.header["x5u"]?.string { _ = await lines.fetch(address) }
                    return nil
                }
            }),
        Defect(
            "server/uses-every-key-of-a-set",
            server: { parts in
                guard parts.isForJWTs, let lines = try? IssuerDirectory(parts.configuration.issuers) else { return }
                let source = parts.keySource
                let held = Lines.held(lines)
                let sets = Mutex<[String: Data]>([:])
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: TokenChecks.key(
                        of: parts.issuers,
                        from: KeysFrom { issuer, kid in
                            let answer = await source.keys(issuer: issuer, kid: kid)
                            guard case .none = answer, mayActNow() else { return answer }
                            var set = sets.withLock { $0[issuer] }
                            if set == nil { set = await held.jwks(of: issuer) }
                            sets.withLock { [set] in $0[issuer] = set }
                            guard let set, let keys = (try? StrictJSON.parseObject(Array(set)))?["keys"]?.array
                            else { return .none }
                            // Whatever it says it is for.
                            for var members in keys.compactMap(\.object) where members["kid"]?.string == kid {
                                for name in ["use", "key_ops", "d"] { members[name] = nil }
                                members["alg"] = .string("ES256")
                                if let key = await VerificationKey(published: members) { return .key(key) }
                            }
                            return .none
                        }))
            }),
        Defect(
            "server/fetches-keys-for-each-unknown-name",
            server: { parts in
                guard parts.isForJWTs, let lines = try? IssuerDirectory(parts.configuration.issuers) else { return }
                let source = parts.keySource
                let held = Lines.held(lines)
                parts.tokens = parts.tokens.replacing(
                    "key",
                    with: TokenChecks.key(
                        of: parts.issuers,
                        from: KeysFrom { issuer, kid in
                            let answer = await source.keys(issuer: issuer, kid: kid)
                            guard case .none = answer, mayActNow(), let body = await held.jwks(of: issuer) else { return answer }
                            return await PublishedKeys(jwks: body)?[kid].map { .key($0) } ?? .none
                        }))
            }),
    ]
}

extension ServerParts {
    /// Looks for a token's key elsewhere first, and then where it belongs.
    mutating func find(_ look: @escaping @Sendable (AccessTokenEvidence, [TrustedIssuer]) async -> VerificationKey?) {
        guard isForJWTs, let right = tokenCheck("key") else { return }
        let issuers = issuers
        tokens = tokens.replacing(
            "key",
            with: Check("key") { evidence, now in
                guard let key = await look(evidence, issuers) else { return await right(&evidence, at: now) }
                (evidence.issuer, evidence.key) = (issuers.first, key)
                return nil
            })
    }
}

private struct KeysFrom: KeySource {
    let find: @Sendable (String, String) async -> KeyAnswer

    func keys(issuer: String, kid: String) async -> KeyAnswer { await find(issuer, kid) }
}

/// Lines to wherever somebody wants; they stay open for as long as the process lives.
private final class Lines: Sendable {
    private static let all = Mutex<[IssuerDirectory]>([])

    static func held(_ lines: IssuerDirectory) -> IssuerDirectory {
        all.withLock { $0.append(lines) }
        return lines
    }

    private let model: ServerConfiguration.Issuer?

    /// - Parameter model: A trusted issuer; the others are looked for in the same way.
    init(like model: ServerConfiguration.Issuer?) { self.model = model }

    func fetch(_ address: String) async -> Data? {
        guard var issuer = model, mayActNow() else { return nil }
        (issuer.issuer, issuer.jwksURI) = (address, address)
        guard let lines = try? IssuerDirectory([issuer]) else { return nil }
        return await Self.held(lines).jwks(of: address)
    }
}
