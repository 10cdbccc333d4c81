import Auth
import Foundation
import Issuer
import OAuth
import Store

extension Defect {
    /// What is said of tokens and keys, and to whom.
    static let issuerStateDefects: [Defect] = [
        Defect(
            "issuer/forgets-revocations",
            issuer: {
                $0.bendRevocation { _, right in
                    if case .refuse = right { return right }
                    return .nothingToDo
                }
            }),
        Defect(
            "issuer/refuses-to-revoke-the-unknown",
            issuer: { $0.bendRevocation { token, right in token == nil ? .refuse(Refusal(.unknown, "there is no such token")) : right } }),
        Defect(
            "issuer/revokes-for-any-client",
            issuer: {
                $0.bendRevocation { token, right in
                    if case .access? = token { return .revoke }
                    return right
                }
            }),
        Defect(
            "issuer/revokes-for-strangers",
            issuer: { parts in
                // Whoever says nothing of himself is a client without a name.
                let nobody = ClientRecord(id: "", scopes: [], createdAt: .distantPast)
                parts.clients = parts.clients.replacing(
                    "presented",
                    with: Check("presented") { evidence, _ in
                        guard evidence.credentials == nil else { return nil }
                        evidence.credentials = ClientCredentials(id: "", secret: Secret(""), method: .name)
                        evidence.registration = ClientRegistration(client: nobody, secrets: [])
                        evidence.isProven = true
                        return nil
                    })
                let right = parts.revocation
                parts.revocation = RevocationRule { token, client in
                    if client.id.isEmpty, case .access? = token { return .revoke }
                    return right(token, by: client)
                }
            }),
        Defect(
            "issuer/revokes-only-access-tokens",
            issuer: {
                $0.bendRevocation { token, right in
                    if case .refresh? = token { return .nothingToDo }
                    return right
                }
            }),
        Defect("issuer/leaves-access-tokens", issuer: { $0.activity = $0.activity.dropping("grant-not-revoked") }),
        Defect("issuer/answers-strangers", issuer: { $0.introspectors = Verifier([]) }),
        Defect("issuer/answers-any-client", issuer: { $0.introspectors = $0.introspectors.dropping("may-introspect") }),
        Defect("issuer/tells-of-tokens-for-others", issuer: { $0.activity = $0.activity.dropping("visible") }),
        Defect(
            "issuer/calls-tokens-of-disabled-clients-active", issuer: { $0.activity = $0.activity.dropping("client-enabled") }),
        Defect("issuer/calls-expired-tokens-active", issuer: { $0.activity = $0.activity.dropping("not-expired") }),
        Defect(
            "issuer/says-why-a-token-is-inactive",
            issuer: { $0.inactive = { _, refusal in Explained(active: false, reason: refusal.detail) } }),
        Defect("issuer/calls-itself-by-another-name", issuer: { $0.bendMetadata { $0.issuer += "/" } }),
        Defect("issuer/names-plain-addresses", issuer: { $0.bendMetadata { $0.registrationEndpoint = "http://issuer.example/register" } }),
        Defect("issuer/says-nothing-of-proof-keys", issuer: { $0.bendMetadata { $0.codeChallengeMethodsSupported = nil } }),
        Defect("issuer/announces-no-name", issuer: { $0.bendMetadata { $0.authorizationResponseIssParameterSupported = nil } }),
        Defect("issuer/says-nothing-of-authentication", issuer: { $0.bendMetadata { $0.tokenEndpointAuthMethodsSupported = nil } }),
        Defect(
            "issuer/publishes-private-keys",
            issuer: { $0.keySet = { $0.map { ["d": Base64URL.encode(Data($0.pem.reveal().utf8))].merging(Self.members($0)) { $1 } } } }),
        Defect("issuer/publishes-a-key-twice", issuer: { $0.keySet = { ($0 + $0).map(\.publicJWK) } }),
        Defect(
            "issuer/publishes-a-short-key",
            issuer: {
                $0.keySet = { keys in
                    let short = ["kty": "RSA", "kid": "short", "use": "sig", "alg": "RS256", "e": "AQAB"]
                    let number = Base64URL.encode([UInt8](repeating: 0xC5, count: 128))
                    return keys.map(\.publicJWK) + [short.merging(["n": number]) { $1 }]
                }
            }),
        Defect("issuer/lets-key-sets-be-kept", issuer: { $0.keyCacheControl = "max-age=3600" }),
    ]

    /// What a curious caller would like to read.
    private struct Explained: Encodable {
        var active: Bool
        var reason: String
    }

    private static func members(_ key: SigningKey) -> [String: String] {
        guard let text = try? JSONEncoder().encode(key.publicJWK) else { return [:] }
        return (try? JSONDecoder().decode([String: String].self, from: text)) ?? [:]
    }
}

extension IssuerParts {
    /// Another decision than the right one.
    fileprivate mutating func bendRevocation(_ bend: @escaping @Sendable (IssuedToken?, RevocationRule.Decision) -> RevocationRule.Decision)
    {
        let right = revocation
        revocation = RevocationRule { token, client in bend(token, right(token, by: client)) }
    }

    /// Another document about the issuer.
    fileprivate mutating func bendMetadata(_ bend: @escaping @Sendable (inout AuthorizationServerMetadata) -> Void) {
        let right = metadata
        metadata = { issuer, base in
            var metadata = right(issuer, base)
            bend(&metadata)
            return metadata
        }
    }
}
