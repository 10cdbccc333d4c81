import MCP
package import OAuth
package import Serving

/// Everything an operator decides about a server: one JSON document, whose unknown members are errors.
package struct ServerConfiguration: Sendable, Hashable {
    package struct Listen: Sendable, Hashable {
        package var host = "127.0.0.1"
        /// 0 for any free port.
        package var port = 0
    }

    /// Files in PEM form.
    package struct TLS: Sendable, Hashable {
        package var certificate: String
        package var key: String
        /// The trust anchors for client certificates.
        package var clientCA: String?
        /// A file of revocation lists, or the URL of one; in PEM or DER.
        package var crl: String?
        /// How often a list is fetched from its URL.
        package var crlRefreshSeconds = 60
        package var ocsp: OCSP?
        /// Certificates between the anchors and the clients, for clients that do not send them, and signers of the CRL.
        package var intermediates: String?
        package var versions = TLSSettings.Versions.both
        /// How many certificates a client's chain may have, its own and the anchor among them.
        package var maxChain = 5
    }

    /// How clients' issuers are asked about their certificates (RFC 6960).
    package struct OCSP: Sendable, Hashable {
        package enum Mode: String, Sendable, Hashable, CaseIterable {
            /// While nobody answers, nobody is let in whose certificate must be asked about.
            case hard
            /// While nobody answers, certificates count unasked.
            case soft
        }

        package var mode: Mode
        /// Nil: the one that the certificate names.
        package var responder: String?
        package var timeoutSeconds = 2
        package var nonce = true
        package var maxAgeSeconds = 300
    }

    /// An entry of the allow-list for client certificates. Names are compared exactly; a name that is nil is not asked for.
    package struct Client: Sendable, Hashable {
        package var uri: String?
        package var dns: String?
        package var email: String?
        /// An IPv4 or IPv6 address, in any of its spellings.
        package var ip: String?
        package var cn: String?
        package var issuer: String?
        /// The SHA-256 of the anchor's certificate in base64url without padding.
        package var anchor: String?
        package var principal: String
        package var scopes: [String]
        /// Whose data it may see; nil: nobody's in particular.
        package var tenant: String?

        /// Whether it has any name that a certificate could bear.
        var isNamed: Bool { [uri, dns, email, ip, cn].contains { $0 != nil } }
    }

    package struct Issuer: Sendable, Hashable {
        package var issuer: String
        /// Nil: from the issuer's metadata (RFC 8414).
        package var jwksURI: String?
        package var introspectionEndpoint: String?
        package var clientID: String
        package var clientSecretFile: String?
        /// The trust anchor for the issuer's own certificate; nil for the system's.
        package var ca: String?
        /// Whose data its tokens open; nil: nobody's in particular.
        package var tenant: String?
    }

    /// The service that `upstream.call` asks.
    package struct Upstream: Sendable, Hashable {
        package var url: String
        /// A file with this server's own token for it; nil: nothing is shown.
        package var tokenFile: String?
    }

    package var listen = Listen()
    /// The canonical resource identifier, the only audience accepted; nil: the URL of the endpoint.
    package var resource: String?
    package var tls: TLS?
    /// Also listen without TLS, on the loopback interface.
    package var plaintext = false
    /// Also listen for `/health` only, without asking for a client certificate.
    package var health = false
    package var scheme: ServerScheme
    package var environment = "test"
    package var store = "server.sqlite"
    package var keyLifetimeDays = 90
    package var clients: [Client] = []
    /// A file with the list of clients, read again when it changes; in place of `clients`.
    package var clientsFile: String?
    /// Who may pass on a client's certificate in `Client-Cert`; named as clients are, without principal and scopes.
    package var trustedProxies: [Client] = []
    package var handshakeSeconds = 10
    package var issuers: [Issuer] = []
    package var leewaySeconds = 0
    package var introspectionCacheSeconds = 0
    package var jwksMaximumAgeSeconds = 300
    /// For how long after their age keys count on while the issuer cannot be reached; then every token is refused.
    package var jwksOutageSeconds = 600
    /// What every token must be bound to; nil: what it says itself.
    package var binding: TokenBinding?
    /// Whether proofs of possession must carry a nonce of this server.
    package var dpopNonces = false
    /// By scope, the scopes it includes.
    package var scopeHierarchy: [String: [String]] = [:]
    /// The directory that `read_file` and `write_file` see; nil: neither is offered.
    package var files: String?
    /// The database that `execute_query` sees; nil: it is not offered.
    package var database: String?
    /// Whether `notes.read`, `notes.write` and `notes.list` are offered, with notes of its own for each tenant.
    package var notes = false
    /// Nil: `upstream.call` is not offered.
    package var upstream: Upstream?
    /// How many refusals a minute one address has; beyond them it is answered 429. Good credentials are not affected.
    /// 0: as many as it likes.
    package var refusalsPerMinute = 600
    /// Nil: no audit trail is kept, which is said on standard error.
    package var audit: String?

    package init(scheme: ServerScheme) {
        self.scheme = scheme
    }
}
