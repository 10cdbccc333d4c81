import Auth

/// Who the client is to a token issuer, and how it comes by its tokens.
package struct OAuthConfiguration: Sendable {
    /// Nil: the issuer that the server names in its metadata.
    package var issuer: WebAddress?
    package var grant = OAuthGrant.clientCredentials
    /// Registered beforehand. Nil: a metadata document or a registration makes the client known.
    package var clientID: String?
    /// Nil where the client proves itself by a key or certificate of its own, or is public.
    package var clientSecret: SecretSource?
    /// PEM of the private key that signs its assertions (RFC 7523).
    package var keyFile: String?
    /// Whether the client certificate is shown to the issuer too: to prove who it is (RFC 8705 section 2), or for tokens that are
    /// bound to it (section 3).
    package var showsCertificate = false
    /// Whether tokens are bound to a key of this client (RFC 9449).
    package var dpop = false
    /// Where the client describes itself, and its identifier where the issuer reads such documents (OAuth client id metadata document).
    package var clientMetadataURL: WebAddress?
    /// Whether the client registers itself where the issuer offers it (RFC 7591).
    package var dynamicRegistration = false
    /// Where the browser brings the authorization code. Nil: `/callback` at any free port of 127.0.0.1.
    package var redirectURI: RedirectURI?
    /// Program and arguments that show an authorization URL to a person, which is added as the last argument. Empty: the URL is printed
    /// on standard error.
    package var browser: [String] = []
    /// A file that processes share: tokens and registrations.
    package var cache: String?
    /// Empty: those that the server asks for.
    package var scopes: [String]
    /// The server's resource identifier; nil: its address.
    package var resource: String?

    package init(issuer: WebAddress?, clientID: String?, clientSecret: SecretSource? = nil, scopes: [String] = [], resource: String? = nil)
    {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.resource = resource
    }

    /// What does not go together, or would not be used.
    package var contradiction: (member: String, message: String)? {
        if clientSecret != nil, keyFile != nil { return ("key_file", "a client proves itself by its secret or by its key, not by both") }
        if ScopeSet(parsing: scopes.joined(separator: " ")) == nil { return ("scopes", "a scope has a character it cannot have") }
        return grant == .authorizationCode ? contradictionOfCode : contradictionOfCredentials
    }

    private var contradictionOfCredentials: (member: String, message: String)? {
        let others: [(member: String, given: Bool)] = [
            ("redirect_uri", redirectURI != nil), ("browser", !browser.isEmpty), ("client_metadata_url", clientMetadataURL != nil),
            ("dynamic_registration", dynamicRegistration),
        ]
        if let other = others.first(where: \.given) { return (other.member, "belongs to the grant authorization_code") }
        if clientID == nil { return ("client_id", "is required") }
        guard clientSecret != nil || keyFile != nil || showsCertificate else {
            return ("client_id", "needs client_secret_file, key_file or shows_certificate, to prove whose it is")
        }
        return nil
    }

    private var contradictionOfCode: (member: String, message: String)? {
        guard clientID == nil else {
            let others = [("client_metadata_url", clientMetadataURL != nil), ("dynamic_registration", dynamicRegistration)]
            guard let other = others.first(where: \.1) else { return nil }
            return (other.0, "would not be used: client_id says who the client is")
        }
        if clientSecret != nil { return ("client_secret_file", "needs the client_id that it belongs to") }
        if keyFile != nil { return ("key_file", "needs the client_id that it belongs to") }
        guard clientMetadataURL != nil || dynamicRegistration else {
            return ("client_id", "is required, or client_metadata_url, or dynamic_registration")
        }
        // Draft OAuth client id metadata document, section 3: https, and a path.
        if let url = clientMetadataURL, url.scheme != "https" || url.path.isEmpty || url.path == "/" || url.query != nil {
            return ("client_metadata_url", "expected an https address with a path and without a query")
        }
        return nil
    }
}

extension OAuthConfiguration {
    init(_ reader: ConfigurationReader) throws(ConfigurationError) {
        var reader = reader
        let issuer = try reader.address("issuer", such: "https://issuer.example")
        self.init(issuer: issuer, clientID: try reader.string("client_id"))
        if let text = try reader.string("grant") {
            guard let grant = OAuthGrant(rawValue: text) else {
                throw reader.error("grant", "expected \(OAuthGrant.allCases.map(\.rawValue).joined(separator: " or "))")
            }
            self.grant = grant
        }
        clientSecret = try reader.string("client_secret_file").map(SecretSource.file)
        keyFile = try reader.string("key_file")
        showsCertificate = try reader.truth("shows_certificate") ?? false
        dpop = try reader.truth("dpop") ?? false
        clientMetadataURL = try reader.address("client_metadata_url", such: "https://client.example/metadata.json")
        dynamicRegistration = try reader.truth("dynamic_registration") ?? false
        if let text = try reader.string("redirect_uri") {
            guard let uri = RedirectURI(text) else { throw reader.error("redirect_uri", RedirectURI.expectation) }
            redirectURI = uri
        }
        browser = try reader.strings("browser")
        guard browser.first?.isEmpty != true else { throw reader.error("browser", "expected a program first") }
        cache = try reader.string("cache")
        scopes = try reader.strings("scopes")
        resource = try reader.string("resource")
        try reader.finish()
        if let (member, message) = contradiction { throw reader.error(member, message) }
    }
}
