import ArgumentParser
import Auth
import Foundation
import Issuer
import OAuth
import Store

struct AddClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Registers a client and prints its secret, this once.",
        discussion: """
            A client acts for itself (client_credentials), or for users who let it (authorization_code); the latter needs a redirect URI
            and gets refresh tokens. A public client runs on its users' devices, and can keep no secret.

            Examples:
              token-issuer clients add alice --scope mcp:read --scope mcp:write --config issuer.json
              token-issuer clients add desk --public --name "Desk app" --redirect-uri http://127.0.0.1/callback --scope mcp:read --config issuer.json
              token-issuer clients add site --redirect-uri https://site.example/callback --scope mcp:read --config issuer.json
              token-issuer clients add alice --scope mcp:read --authentication private_key_jwt --jwks alice.jwks --config issuer.json
              token-issuer clients add alice --scope mcp:read --authentication self_signed_tls_client_auth --certificate alice.pem --config issuer.json
              token-issuer clients add alice --scope mcp:read --bound dpop --config issuer.json
              token-issuer clients add mcp-server --introspection --store issuer.sqlite
            """)

    @Argument(help: "The client's identifier: letters, digits and -._~:/@")
    var id: String

    @Option(help: "What people see it as, when they are asked to let it act for them.")
    var name: String?

    @Option(help: "A scope it may have; may be given several times.")
    var scope: [String] = []

    @Option(
        help: ArgumentHelp(
            "A resource it may have tokens for; may be given several times. None: any of those in the issuer's configuration.",
            valueName: "url"))
    var resource: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where authorization codes may be sent, compared exactly; the port of http://127.0.0.1 may differ. Several times.",
            valueName: "uri"))
    var redirectURI: [String] = []

    @Option(
        help: ArgumentHelp(
            "How it gets tokens: client_credentials or authorization_code; may be given several times. Default: the latter with a redirect URI.",
            valueName: "type"))
    var grant: [GrantType] = []

    @Option(help: "How long its tokens live, such as 2s or 10m; at most 1h.")
    var tokenLifetime: Seconds?

    @Flag(name: .customLong("public"), help: "It proves itself by nothing.")
    var isPublic = false

    @Option(help: ArgumentHelp("How it proves who it is: \(Self.methods). Default: client_secret.", valueName: "method"))
    var authentication: ClientAuthentication?

    @Option(
        help: ArgumentHelp(
            "Its public keys, for private_key_jwt; or its certificates in them as x5c, for self_signed_tls_client_auth.",
            valueName: "jwks-file"))
    var jwks: String?

    @Option(help: ArgumentHelp("The name in its certificate, for tls_client_auth: a URI or a DNS name.", valueName: "name"))
    var certificateName: String?

    @Option(help: ArgumentHelp("Its certificate in PEM, for self_signed_tls_client_auth.", valueName: "file"))
    var certificate: String?

    @Option(
        help: ArgumentHelp("What its tokens are bound to: certificate or dpop. Without it, to a key when it proves one.", valueName: "what")
    )
    var bound: TokenBinding?

    @Flag(help: "It may ask what tokens are worth.")
    var introspection = false

    @OptionGroup var options: StoreOptions

    private static let methods = "client_secret, private_key_jwt, tls_client_auth or self_signed_tls_client_auth"

    var method: ClientAuthentication { isPublic ? ClientAuthentication.none : authentication ?? ClientAuthentication.secret }

    /// What is asked for, or what a client of its kind needs; and the means to keep what users granted.
    var grants: Set<GrantType> {
        let forUsers = isPublic || !redirectURI.isEmpty
        let asked = grant.isEmpty ? [forUsers ? .authorizationCode : .clientCredentials] : Set(grant)
        return asked.contains(.authorizationCode) ? asked.union([.refreshToken]) : asked
    }

    func validate() throws { try check() }

    func run() async throws {
        var client = ClientRecord(
            id: id, scopes: ScopeSet(scope), resources: resource, tokenLifetime: tokenLifetime?.value, mayIntrospect: introspection,
            createdAt: Date())
        client.name = name
        client.redirectURIs = redirectURI
        client.grantTypes = Set(grants.map(\.rawValue))
        client.authentication = method
        client.certificateName = certificateName.map { $0.contains("://") ? "uri:" + $0 : "dns:" + $0 }
        client.binding = bound
        if let jwks { client.jwks = try await readKeys(jwks) }
        if let certificate { client.certificateThumbprint = try Self.readCertificate(certificate) }
        let new = try await options.administration(make: true).add(client)
        try Output.print(AddedClient(client, secret: new.secret))
    }

    /// A key set with at least one key that can be used, or one certificate.
    private func readKeys(_ path: String) async throws -> String {
        let text = try Self.read(path)
        if method == .selfSignedCertificate {
            guard !RegisteredCertificates.thumbprints(jwks: Data(text.utf8)).isEmpty else {
                throw ValidationError("\(path) is not a JWKS with a key that has its certificate as x5c (RFC 7517 section 4.7)")
            }
            return text
        }
        guard let keys = await PublishedKeys(jwks: Data(text.utf8)), !keys.all.isEmpty else {
            throw ValidationError("\(path) is not a JWKS with a public ES256 or RS256 key that has kid and alg")
        }
        return text
    }

    /// - Returns: Its thumbprint.
    private static func readCertificate(_ path: String) throws -> String {
        guard let thumbprint = RegisteredCertificates.thumbprint(pem: try read(path)) else {
            throw ValidationError("\(path) is not one certificate in PEM")
        }
        return thumbprint
    }

    private static func read(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw ValidationError("\(path) cannot be read") }
        return text
    }
}

extension ClientAuthentication: ExpressibleByArgument {}
extension TokenBinding: ExpressibleByArgument {}
extension GrantType: ExpressibleByArgument {}
