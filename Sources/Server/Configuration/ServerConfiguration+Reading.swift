import MCP
import MutualTLS
import OAuth

extension ServerConfiguration {
    /// Reads the document, strictly.
    ///
    /// - Throws: `ConfigurationProblem` with the place of the first thing wrong with it.
    package init(parsing text: String) throws(ConfigurationProblem) {
        var reader = try ConfigurationReader(try Self.document(parsing: text))
        try self.init(&reader)
        try reader.finish()
        try check(reader)
    }

    private init(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) {
        let name = try reader.requiredString("scheme")
        guard let scheme = ServerScheme(rawValue: name) else {
            let known = ServerScheme.allCases.map(\.rawValue).joined(separator: ", ")
            throw reader.error("scheme", "scheme must be one of \(known)")
        }
        self.init(scheme: scheme)
        listen =
            try reader.object("listen") { (listen) throws(ConfigurationProblem) in
                Listen(
                    host: try listen.string("host") ?? "127.0.0.1",
                    port: try listen.integer("port", in: 0...65535, default: 0))
            } ?? Listen()
        resource = try reader.string("resource")
        tls = try reader.object("tls", Self.readTLS)
        plaintext = try reader.bool("plaintext", default: plaintext)
        health = try reader.bool("health", default: health)
        environment = try reader.string("environment") ?? environment
        store = try reader.string("store") ?? store
        keyLifetimeDays = try reader.integer("key_lifetime_days", in: 1...36_500, default: keyLifetimeDays)
        clients = try reader.objects("clients", Self.readClient)
        clientsFile = try reader.string("clients_file")
        trustedProxies = try reader.objects("trusted_proxies", Self.readProxy)
        handshakeSeconds = try reader.integer("handshake_seconds", in: 1...300, default: handshakeSeconds)
        issuers = try reader.objects("issuers", Self.readIssuer)
        leewaySeconds = try reader.integer("leeway_seconds", in: 0...300, default: leewaySeconds)
        introspectionCacheSeconds = try reader.integer("introspection_cache_seconds", in: 0...3600, default: introspectionCacheSeconds)
        jwksMaximumAgeSeconds = try reader.integer("jwks_max_age_seconds", in: 1...86_400, default: jwksMaximumAgeSeconds)
        jwksOutageSeconds = try reader.integer("jwks_outage_seconds", in: 0...86_400, default: jwksOutageSeconds)
        if let name = try reader.string("binding") {
            guard let binding = TokenBinding(rawValue: name) else {
                let known = TokenBinding.allCases.map(\.rawValue).joined(separator: ", ")
                throw reader.error("binding", "binding must be one of \(known)")
            }
            self.binding = binding
        }
        dpopNonces = try reader.bool("dpop_nonces", default: dpopNonces)
        scopeHierarchy = try reader.listsByName("scope_hierarchy")
        files = try reader.string("files")
        database = try reader.string("database")
        notes = try reader.bool("notes", default: notes)
        upstream = try reader.object("upstream", Self.readUpstream)
        refusalsPerMinute = try reader.integer("refusals_per_minute", in: 0...1_000_000, default: refusalsPerMinute)
        audit = try reader.string("audit")
    }

    /// Reads a file with the list of clients.
    ///
    /// - Throws: `ConfigurationProblem` with the place of the first thing wrong with it.
    static func clients(parsing text: String) throws(ConfigurationProblem) -> [Client] {
        try ConfigurationReader.objects(in: try document(parsing: text), readClient)
    }

    private static func document(parsing text: String) throws(ConfigurationProblem) -> JSONDocument {
        do {
            return try JSONDocument(parsing: text.utf8)
        } catch {
            let position = JSONDocument.position(of: error.offset, in: Array(text.utf8))
            throw ConfigurationProblem(line: position.line, column: position.column, error.message)
        }
    }

    static func readClient(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) -> Client {
        let client = Client(
            uri: try reader.string("uri"), dns: try reader.string("dns"), email: try reader.string("email"),
            ip: try reader.string("ip"), cn: try reader.string("cn"), issuer: try reader.string("issuer"),
            anchor: try reader.string("anchor"), principal: try reader.requiredString("principal"), scopes: try reader.strings("scopes"),
            tenant: try reader.string("tenant"))
        guard client.isNamed else { throw reader.error(nil, "a client needs a uri, dns, email, ip or cn") }
        if let ip = client.ip, IPAddress(ip) == nil { throw reader.error("ip", "ip must be an IPv4 or IPv6 address") }
        return client
    }

    private static func readIssuer(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) -> Issuer {
        Issuer(
            issuer: try reader.requiredString("issuer"), jwksURI: try reader.string("jwks_uri"),
            introspectionEndpoint: try reader.string("introspection_endpoint"),
            clientID: try reader.string("client_id") ?? "mcp-server",
            clientSecretFile: try reader.string("client_secret_file"), ca: try reader.string("ca"),
            tenant: try reader.string("tenant"))
    }

    private static func readUpstream(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) -> Upstream {
        let upstream = Upstream(url: try reader.requiredString("url"), tokenFile: try reader.string("token_file"))
        // A token of the server's own must not travel in the clear either.
        guard upstream.url.hasPrefix("https://") || upstream.url.hasPrefix("http://127.0.0.1:") else {
            throw reader.error("url", "url must begin with https://, or be on 127.0.0.1")
        }
        return upstream
    }

    /// Members that do not go together: better said at the start than found out as a refusal of everybody.
    private func check(_ reader: ConfigurationReader) throws(ConfigurationProblem) {
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(listen.host)
        guard tls != nil || isLocal else { throw reader.error("listen", "without tls only the loopback interface may be used") }
        if scheme.usesCertificates {
            guard let tls else { throw reader.error("scheme", "\(scheme.rawValue) needs tls") }
            guard tls.clientCA != nil else { throw reader.error("tls", "\(scheme.rawValue) needs tls.client_ca") }
            if plaintext { throw reader.error("plaintext", "\(scheme.rawValue) cannot be served without TLS") }
        }
        if scheme == .mtlsCRL, tls?.crl == nil { throw reader.error("tls", "mtls-crl needs tls.crl") }
        if scheme == .mtlsOCSP, tls?.ocsp == nil { throw reader.error("tls", "mtls-ocsp needs tls.ocsp") }
        if clientsFile != nil, !clients.isEmpty {
            throw reader.error("clients_file", "clients_file and clients are one list: give one of them")
        }
        if !trustedProxies.isEmpty, !scheme.usesCertificates {
            throw reader.error("trusted_proxies", "\(scheme.rawValue) asks nobody for a certificate, proxies included")
        }
        if scheme.usesTokens, issuers.isEmpty { throw reader.error("scheme", "\(scheme.rawValue) needs issuers") }
        if Set(issuers.map(\.issuer)).count < issuers.count { throw reader.error("issuers", "an issuer is named twice") }
        if scheme == .oauthIntrospection, issuers.contains(where: { $0.clientSecretFile == nil }) {
            throw reader.error("issuers", "introspection needs client_secret_file")
        }
        if binding != nil, !scheme.usesTokens { throw reader.error("binding", "\(scheme.rawValue) has no tokens to bind") }
        if binding == .certificate, !scheme.usesCertificates {
            throw reader.error("binding", "certificate needs the scheme layered, in which clients show one")
        }
        if health, tls == nil { throw reader.error("health", "the health listener needs tls") }
        if scheme == .none, !isLocal { throw reader.error("scheme", "none is for the loopback interface only") }
    }
}
