package import MCP

/// How a caller proves who it is, as far as a client can tell them apart.
package enum ClientScheme: String, Sendable, CaseIterable {
    case none
    case apiKey = "api-key"
    case oauth
    case mtls
    /// A client certificate and an access token.
    case layered

    var usesToken: Bool { self == .oauth || self == .layered }
    var usesCertificate: Bool { self == .mtls || self == .layered }
}

/// The configuration document of `mcp-client`.
package struct ClientConfiguration: Sendable {
    package var server: WebAddress
    /// PEM of the authorities that may vouch for server and issuer; nil: those of the system.
    package var authority: String?
    package var era: Era
    /// The name to verify in the server's certificate, in place of its address's host.
    package var serverName: String?
    package var scheme: ClientScheme
    package var apiKey: SecretSource?
    package var certificate: String?
    package var key: String?
    package var oauth: OAuthConfiguration?
    /// How long one exchange with server or issuer may take.
    package var patience: Duration = .seconds(30)

    package init(server: WebAddress, era: Era = .stateless, scheme: ClientScheme = .none) {
        self.server = server
        self.era = era
        self.scheme = scheme
    }

    /// Reads the document.
    ///
    /// - Parameter file: Its name, for messages.
    package init(parsing text: String, file: String) throws(ConfigurationError) {
        var reader = try ConfigurationReader(file: file, text: text)
        guard let server = WebAddress(try reader.required("server")) else {
            throw reader.error("server", "expected an address such as https://mcp.example/mcp")
        }
        self.server = server
        authority = try reader.string("ca")
        serverName = try reader.string("server_name")
        let era = try reader.string("era") ?? Era.stateless.rawValue
        guard let era = Era(rawValue: era) else { throw reader.error("era", "expected 2026-07-28 or 2025-11-25") }
        self.era = era
        guard let scheme = ClientScheme(rawValue: try reader.required("scheme")) else {
            throw reader.error("scheme", "expected one of \(ClientScheme.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.scheme = scheme
        apiKey = try reader.string("api_key_file").map(SecretSource.file)
        certificate = try reader.string("certificate")
        key = try reader.string("key")
        if let seconds = try reader.whole("timeout_seconds", in: 1...3600) { patience = .seconds(seconds) }
        oauth = try reader.object("oauth").map { (reader) throws(ConfigurationError) in try OAuthConfiguration(reader) }
        try reader.finish()
        if let (member, message) = contradiction { throw reader.error(member, message) }
    }

    /// What the scheme lacks, or what is given and would not be used: a credential that is silently left out is worse than an error.
    package var contradiction: (member: String, message: String)? {
        let needs: [(member: String, given: Bool, used: Bool)] = [
            ("api_key_file", apiKey != nil, scheme == .apiKey),
            ("oauth", oauth != nil, scheme.usesToken),
            ("certificate", certificate != nil, scheme.usesCertificate),
            ("key", key != nil, scheme.usesCertificate),
        ]
        for need in needs where need.given != need.used {
            return (need.member, need.used ? "the scheme \(scheme.rawValue) needs it" : "the scheme \(scheme.rawValue) does not use it")
        }
        if oauth?.showsCertificate == true, certificate == nil { return ("oauth", "shows_certificate needs a certificate and its key") }
        if let (member, message) = oauth?.contradiction { return ("oauth.\(member)", message) }
        guard scheme.usesCertificate, server.scheme != "https" else { return nil }
        return ("server", "a client certificate needs https")
    }
}
