import ArgumentParser
import Client
import MCP

/// Which server, and who is calling.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A configuration document, or - for one line on standard input; the options below then change it.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The server's MCP endpoint.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("Authorities that may vouch for server and issuer, PEM. Default: the system's.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("Protocol revision: 2026-07-28 or 2025-11-25. Default: 2026-07-28.", valueName: "revision"))
    var era: String?

    @Option(help: ArgumentHelp("Name to verify in the server's certificate instead of the address's host.", valueName: "name"))
    var serverName: String?

    @Option(help: ArgumentHelp("API key, nothing else in the file; - for standard input.", valueName: "file"))
    var apiKeyFile: String?

    @Option(help: ArgumentHelp("Environment variable that holds the API key.", valueName: "variable"))
    var apiKeyEnv: String?

    @Option(help: ArgumentHelp("OAuth client identifier.", valueName: "id"))
    var clientID: String?

    @Option(help: ArgumentHelp("OAuth client secret, nothing else in the file; - for standard input.", valueName: "file"))
    var clientSecretFile: String?

    @Option(help: ArgumentHelp("Environment variable that holds the OAuth client secret.", valueName: "variable"))
    var clientSecretEnv: String?

    @Option(
        help: ArgumentHelp(
            "How tokens are come by: client_credentials, or authorization_code for a person who logs in with a browser. Default: client_credentials.",
            valueName: "grant"))
    var grant: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "With authorization_code: shows the login page; the address is added as the last argument. Once for the program and once for each argument before the address. Default: the address is printed.",
            valueName: "program"))
    var browser: [String] = []

    @Option(
        name: .customLong("redirect-uri"),
        help: ArgumentHelp(
            "With authorization_code: where the browser brings the answer, on this machine; port 0 is any. Default: http://127.0.0.1:0/callback.",
            valueName: "url"))
    var redirectURI: String?

    @Option(
        name: .customLong("client-metadata-url"),
        help: ArgumentHelp(
            "With authorization_code: the client's metadata document, its identifier where the issuer reads such.", valueName: "url"))
    var clientMetadataURL: String?

    @Flag(help: "With authorization_code: register with the issuer, where it offers that.")
    var register = false

    @Option(help: ArgumentHelp("Keep tokens and registrations there, for this client's other processes too.", valueName: "file"))
    var cache: String?

    @Option(name: .customLong("scope"), help: "Scope to ask for, once for each. Default: what the server asks for.")
    var scopes: [String] = []

    @Option(help: ArgumentHelp("Token issuer. Default: the one that the server names.", valueName: "url"))
    var issuer: String?

    @Option(help: ArgumentHelp("The server's resource identifier. Default: its address.", valueName: "url"))
    var resource: String?

    @Option(help: ArgumentHelp("Client certificate and intermediates, PEM, leaf first.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's private key, PEM.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Seconds that one exchange may take.", valueName: "seconds"))
    var timeout: Int?

    func configuration() throws -> ClientConfiguration {
        var configuration = try base()
        if let era {
            guard let era = Era(rawValue: era) else { throw Misuse(message: "--era \(era): expected 2026-07-28 or 2025-11-25") }
            configuration.era = era
        }
        if let ca { configuration.authority = ca }
        if let serverName { configuration.serverName = serverName }
        if let apiKey = try secret(apiKeyFile, apiKeyEnv, "api-key") { configuration.apiKey = apiKey }
        if let certificate { configuration.certificate = certificate }
        if let key { configuration.key = key }
        if let oauth = try oauth(configuration.oauth) { configuration.oauth = oauth }
        if let timeout {
            guard (1...3600).contains(timeout) else { throw Misuse(message: "--timeout \(timeout): expected 1 to 3600") }
            configuration.patience = .seconds(timeout)
        }
        configuration.scheme = try scheme(of: configuration)
        if let (member, message) = configuration.contradiction { throw Misuse(message: "\(member): \(message)") }
        return configuration
    }

    private func base() throws -> ClientConfiguration {
        var address: WebAddress?
        if let server {
            guard let parsed = WebAddress(server) else {
                throw Misuse(message: "--server \(server): expected an address such as https://mcp.example/mcp")
            }
            address = parsed
        }
        if let config {
            let (text, file) = try Document.read(config)
            var configuration = try ClientConfiguration(parsing: text, file: file)
            if let address { configuration.server = address }
            return configuration
        }
        guard let address else {
            throw Misuse(message: "which server? give --server URL or --config FILE (mcp-client --help shows examples)")
        }
        return ClientConfiguration(server: address)
    }

    private func scheme(of configuration: ClientConfiguration) throws -> ClientScheme {
        let hasCertificate = configuration.certificate != nil || configuration.key != nil
        switch (configuration.apiKey != nil, configuration.oauth != nil, hasCertificate) {
        case (false, false, false): return .none
        case (true, false, false): return .apiKey
        case (false, true, false): return .oauth
        case (false, false, true): return .mtls
        case (false, true, true): return .layered
        case (true, _, _): throw Misuse(message: "an API key goes with no other credential: which one shall prove who is calling?")
        }
    }

    private func oauth(_ base: OAuthConfiguration?) throws -> OAuthConfiguration? {
        let secret = try secret(clientSecretFile, clientSecretEnv, "client-secret")
        guard base != nil || clientID != nil || clientMetadataURL != nil || register else {
            guard secret == nil else { throw Misuse(message: "--client-secret-file and --client-secret-env need --client-id") }
            let isAsked = issuer != nil || resource != nil || !scopes.isEmpty || grant != nil || cache != nil || redirectURI != nil
            guard !isAsked, browser.isEmpty else {
                throw Misuse(message: "who is the client? an access token needs --client-id, --client-metadata-url or --register")
            }
            return nil
        }
        var oauth = base ?? OAuthConfiguration(issuer: nil, clientID: nil)
        if let clientID { oauth.clientID = clientID }
        if let secret { oauth.clientSecret = secret }
        if let grant {
            guard let grant = OAuthGrant(rawValue: grant) else {
                throw Misuse(message: "--grant \(grant): expected client_credentials or authorization_code")
            }
            oauth.grant = grant
        }
        oauth.issuer = try address(issuer, "--issuer") ?? oauth.issuer
        oauth.clientMetadataURL = try address(clientMetadataURL, "--client-metadata-url") ?? oauth.clientMetadataURL
        if let redirectURI {
            guard let uri = RedirectURI(redirectURI) else { throw Misuse(message: "--redirect-uri: \(RedirectURI.expectation)") }
            oauth.redirectURI = uri
        }
        if register { oauth.dynamicRegistration = true }
        if !browser.isEmpty { oauth.browser = browser }
        if let cache { oauth.cache = cache }
        if let resource { oauth.resource = resource }
        if !scopes.isEmpty { oauth.scopes = scopes }
        return oauth
    }

    private func address(_ text: String?, _ option: String) throws -> WebAddress? {
        guard let text else { return nil }
        guard let address = WebAddress(text) else { throw Misuse(message: "\(option) \(text): expected an address") }
        return address
    }

    private func secret(_ file: String?, _ variable: String?, _ name: String) throws -> SecretSource? {
        switch (file, variable) {
        case (nil, nil): return nil
        case ("-"?, nil):
            guard config != "-" else { throw Misuse(message: "standard input cannot be both the configuration and a secret") }
            return .given(StandardStreams.readLine(limit: 4096) ?? "")
        case (let file?, nil): return .file(file)
        case (nil, let variable?): return .environment(variable)
        default: throw Misuse(message: "--\(name)-file and --\(name)-env exclude each other")
        }
    }
}
