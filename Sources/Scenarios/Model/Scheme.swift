/// How a caller proves who it is, as `schemes/NAME.yaml` describes it: what the verbs mean, and what a refusal looks like.
package struct Scheme: Sendable, Codable, Hashable {
    package var id: String
    package var title: String
    /// What a caller shows, in this order: `api-key`, `token`, `certificate`.
    package var presents: [String]
    /// What the server is told to require: its configuration's `scheme`.
    package var server: String
    /// How tokens are got: `authorization-code`, by a user who signs in and consents; nil: by client credentials.
    package var grant: String?
    /// What its tokens are bound to: `certificate`, `dpop`, or nil.
    package var binding: String?
    /// Whether a certificate's issuer is asked about it (RFC 6960), and what counts while nobody answers: `hard` for nobody whose
    /// certificate must be asked about, `soft` for everybody; nil where nobody is asked.
    package var ocsp: String?
    /// Production lifetime of a credential in seconds.
    package var lifetime: Double
    /// How soon the scheme declares that revocation takes effect: seconds, or nil for "when the credential expires".
    package var revocationPromise: Double?
    /// Verbs the scheme does not have, each with the reason why that is right.
    package var notOffered: [String: String]
    /// What a refusal may look like on the wire: HTTP statuses, and whether the TLS layer may say no.
    package var refusalStatuses: [Int]
    package var refusalInTransport: Bool

    /// Whether a server asks the issuer what a token is worth (RFC 7662), and so has to be known to it.
    package var asksTheIssuer: Bool { server == "oauth-introspection" }

    /// Whether a server reads revocation lists.
    package var readsLists: Bool { ["mtls-crl", "layered"].contains(server) }

    package init(
        id: String, title: String, presents: [String], server: String, grant: String? = nil, binding: String? = nil, ocsp: String? = nil,
        lifetime: Double, revocationPromise: Double?, notOffered: [String: String], refusalStatuses: [Int], refusalInTransport: Bool
    ) {
        self.id = id
        self.title = title
        self.presents = presents
        self.server = server
        self.grant = grant
        self.binding = binding
        self.ocsp = ocsp
        self.lifetime = lifetime
        self.revocationPromise = revocationPromise
        self.notOffered = notOffered
        self.refusalStatuses = refusalStatuses
        self.refusalInTransport = refusalInTransport
    }
}
