package import Auth
package import Hummingbird
package import MutualTLS
package import NIOSSL
package import OAuth
package import Serving

package import struct Foundation.Date

/// A server as an assembly of named parts. `standard` puts the right ones together; each can be replaced by itself.
///
/// The functions among them take the whole assembly, so that one that stays sees the others as they came to be.
package struct ServerParts: Sendable {
    // MARK: What it is made of

    package var configuration: ServerConfiguration
    package var endpoints: Endpoints
    /// Further names by which it may be called: those in its certificate, which can be replaced.
    package var servedNames: ServedNames
    /// The canonical identifier of this server: the only audience accepted.
    package var resource: String

    // MARK: Who is calling

    package var keyStore: any APIKeyStore
    package var keys: Verifier<APIKeyEvidence>
    package var issuers: [TrustedIssuer]
    /// How far clocks may differ, in seconds.
    package var leeway: Double
    package var keySource: any KeySource
    package var introspector: any Introspector
    package var tokens: Verifier<AccessTokenEvidence>
    /// What a proof of possession must be (RFC 9449).
    package var proofs: Verifier<DPoPEvidence>
    /// The nonces that proofs must carry; nil where none is asked for.
    package var nonces: DPoPNonces?
    package var clients: ClientList
    /// The authorities that client certificates must lead to.
    package var trust: TrustStore
    /// Revocation lists; nil where the scheme has none.
    package var revocation: (any RevocationSource)?
    /// The issuers, asked; nil where the scheme asks nobody.
    package var ocsp: (any RevocationSource)?
    package var peers: Verifier<PeerEvidence>
    /// The same for proxies that may pass on a client's certificate; nil where none may.
    package var proxies: Verifier<PeerEvidence>?
    /// The request with the certificate that counts: the caller's own, or the one that a proxy passed on.
    package var forwarding: @Sendable (ServerParts, ServerRequest, Date) async -> ServerRequest
    /// Which layers a call must pass; nil: anyone may do anything.
    package var policy: LayeredPolicy?
    /// The same for `/health`; nil: it is open.
    package var healthPolicy: LayeredPolicy?
    /// The TLS settings of the main listener, nil without TLS; asked for at the start and at every reload. Blocks.
    package var tls: (@Sendable () throws -> TLSConfiguration)?
    /// Who judges clients' certification paths in the handshake; nil: BoringSSL.
    package var chainJudge: TLSContexts.ChainJudge?
    /// Now, as far as credentials are concerned.
    package var clock: @Sendable () -> Date
    package var authenticate: @Sendable (ServerParts, ServerRequest, LayeredPolicy?, Date) async -> Authentication

    // MARK: What they may do

    package var tools: [ServerTool]
    /// The scopes a principal lacks for a tool; empty lets it pass.
    package var missingScopes: @Sendable (Principal, ServerTool) -> ScopeSet
    /// Whose data a call sees and changes; nil: nobody's in particular.
    package var tenant: @Sendable (Principal, ServerRequest) -> String?
    package var sessions: Sessions
    /// Who a session belongs to, as a text that is compared.
    package var sessionOwner: @Sendable (Principal) -> String

    // MARK: What is said about it

    package var challenges: @Sendable (ServerParts, ServerRequest, Rejection) -> [Challenge]
    /// The protected resource metadata (RFC 9728); nil: there is none.
    package var metadata: ProtectedResourceMetadata?
    /// Writes the record of a request. When it throws, the request is answered 503 and nothing else happens.
    package var audit: @Sendable (AuditRecord, ServerRequest) async throws -> Void
    /// Writes the record of a handshake that failed.
    package var auditHandshake: @Sendable (AuditRecord) async -> Void
    /// Who is refused too often; nil: nobody.
    package var refusals: RefusalRate?
    package var limits: Limits
    /// Answers a request: all of the above, in order.
    package var respond: @Sendable (ServerParts, ServerRequest, RequestContent) async throws -> Response
}

/// Where a server listens, once it does.
package struct Endpoints: Sendable, Hashable {
    /// Such as `https://127.0.0.1:4381`.
    package var url: String
    package var plaintext: String?
    /// Host names, in lower case, by which the server may be called.
    package var hosts: Set<String>

    package init(url: String, plaintext: String? = nil, hosts: Set<String>) {
        self.url = url
        self.plaintext = plaintext
        self.hosts = hosts
    }

    package var mcp: String { url + Path.mcp }
}

/// Reads the body of a request, when it is known who is calling.
package typealias RequestContent = @Sendable () async throws -> [UInt8]

/// The paths that are served.
package enum Path {
    package static let mcp = "/mcp"
    package static let tools = "/mcp/tools/"
    package static let health = "/health"
    package static let metadata = "/.well-known/oauth-protected-resource"
}
