import Auth
import Foundation
import MutualTLS
import NIOSSL
import OAuth
import Serving

extension ServerParts {
    /// The correct server: every check, in order, and nothing remembered that must be asked anew.
    package static func standard(_ resources: ServerResources, endpoints: Endpoints) -> ServerParts {
        let configuration = resources.configuration
        let resource = configuration.resource ?? endpoints.mcp
        let issuers = configuration.issuers.map { TrustedIssuer($0.issuer, tenant: $0.tenant) }
        let leeway = Double(configuration.leewaySeconds)
        let introspector = IntrospectionCache(of: resources.issuers, lifetime: .seconds(configuration.introspectionCacheSeconds))
        let certificates = resources.certificates
        let chain = ChainRule(certificates.trust, maximumLength: configuration.tls?.maxChain ?? 5)
        let proxies = configuration.trustedProxies.map(AllowedClient.init)
        let keyStore: any APIKeyStore = resources.keyStore.map { $0 } ?? NoKeys()
        var tls: (@Sendable () throws -> TLSConfiguration)?
        if let settings = resources.settings { tls = { try settings.configuration() } }
        let nonces = configuration.dpopNonces ? DPoPNonces() : nil
        let hierarchy = ScopeHierarchy(configuration.scopeHierarchy)
        var metadata = ProtectedResourceMetadata(
            resource: resource, authorizationServers: issuers.map(\.issuer),
            scopesSupported: Set(resources.tools.flatMap(\.scopes.scopes)).sorted(), resourceName: "authbed mcp-server")
        metadata.tlsClientCertificateBoundAccessTokens = configuration.binding == .certificate ? true : nil
        metadata.dpopSigningAlgValuesSupported = SigningAlgorithm.allCases.map(\.rawValue)
        metadata.dpopBoundAccessTokensRequired = configuration.binding == .dpop ? true : nil
        return ServerParts(
            configuration: configuration, endpoints: endpoints, servedNames: resources.certificates.names, resource: resource,
            keyStore: keyStore,
            keys: APIKeyChecks.all(store: keyStore, environment: configuration.environment),
            issuers: issuers, leeway: leeway, keySource: resources.jwks, introspector: introspector,
            tokens: configuration.scheme == .oauthIntrospection
                ? TokenChecks.introspection(
                    issuers: issuers, audience: resource, leeway: leeway, introspector: introspector, binding: configuration.binding)
                : TokenChecks.jwt(
                    issuers: issuers, audience: resource, leeway: leeway, keys: resources.jwks, binding: configuration.binding),
            proofs: DPoPChecks.all(nonces: nonces, memory: ProofMemory()), nonces: nonces,
            clients: certificates.clients, trust: certificates.trust, revocation: certificates.revocation, ocsp: certificates.ocsp,
            peers: PeerChecks.all(
                allowed: certificates.clients, chain: chain, revocation: certificates.revocation, ocsp: certificates.ocsp),
            proxies: proxies.isEmpty
                ? nil
                : PeerChecks.all(
                    allowed: ClientList(proxies), chain: chain, revocation: certificates.revocation, ocsp: certificates.ocsp),
            forwarding: standardForwarding,
            policy: configuration.scheme.policy, healthPolicy: configuration.scheme.healthPolicy,
            tls: tls,
            clock: { Date() },
            authenticate: { await $0.judge($1, by: $2, at: $3) },
            tools: resources.tools, missingScopes: { $1.scopes.subtracting(hierarchy.expand($0.scopes)) },
            tenant: { principal, _ in principal.tenant },
            sessions: Sessions(), sessionOwner: standardSessionOwner,
            challenges: standardChallenges, metadata: configuration.scheme.usesTokens ? metadata : nil,
            audit: { record, _ in try await resources.audit?.append(record) },
            auditHandshake: { try? await resources.audit?.append($0) },
            refusals: configuration.refusalsPerMinute > 0 ? RefusalRate(perMinute: configuration.refusalsPerMinute) : nil,
            limits: configuration.limits, respond: standardRespond)
    }

    /// The principal, and who vouches for the name: two issuers, and two tenants, may each have an `alice`. Not the
    /// credential, which changes while the session lives.
    private static let standardSessionOwner: @Sendable (Principal) -> String = { principal in
        let name = [principal.tenant, principal.name].compactMap { $0?.debugDescription }.joined(separator: " ")
        return switch principal.credential {
        case .apiKey: "key \(name)"
        case .token(let issuer, _): "token \(issuer) \(name)"
        case .certificate: "certificate \(name)"
        case .none: "anyone"
        }
    }
}

/// The store of a scheme without API keys.
private struct NoKeys: APIKeyStore {
    func record(id: String) async throws -> APIKeyRecord? { nil }
}

extension AllowedClient {
    init(_ client: ServerConfiguration.Client) {
        self.init(
            uri: client.uri, dns: client.dns, email: client.email, address: client.ip.flatMap(IPAddress.init), commonName: client.cn,
            issuer: client.issuer, anchor: client.anchor, principal: client.principal, scopes: ScopeSet(client.scopes),
            tenant: client.tenant)
    }
}
