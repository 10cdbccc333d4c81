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
            Examples:
              token-issuer clients add alice --scope mcp:read --scope mcp:write --config issuer.json
              token-issuer clients add alice --scope mcp:read --authentication private_key_jwt --jwks alice.jwks --config issuer.json
              token-issuer clients add alice --scope mcp:read --bound dpop --config issuer.json
              token-issuer clients add mcp-server --introspection --store issuer.sqlite
            """)

    @Argument(help: "The client's identifier: letters, digits and -._~:/@")
    var id: String

    @Option(help: "A scope it may have; may be given several times.")
    var scope: [String] = []

    @Option(help: "A resource it may have tokens for; may be given several times. None: any.")
    var resource: [String] = []

    @Option(help: "How long its tokens live, such as 2s or 10m; at most 1h.")
    var tokenLifetime: Seconds?

    @Option(help: ArgumentHelp("How it proves who it is: client_secret, private_key_jwt or tls_client_auth.", valueName: "method"))
    var authentication = ClientAuthentication.secret

    @Option(help: ArgumentHelp("Its public keys, for private_key_jwt.", valueName: "jwks-file"))
    var jwks: String?

    @Option(help: ArgumentHelp("The name in its certificate, for tls_client_auth: a URI or a DNS name.", valueName: "name"))
    var certificateName: String?

    @Option(
        help: ArgumentHelp("What its tokens are bound to: certificate or dpop. Without it, to a key when it proves one.", valueName: "what")
    )
    var bound: TokenBinding?

    @Flag(help: "It may ask what tokens are worth.")
    var introspection = false

    @OptionGroup var options: StoreOptions

    func validate() throws {
        guard !id.isEmpty, id.utf8.count <= 255, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._~:/@".contains($0)) })
        else { throw ValidationError("a client's identifier has letters, digits and -._~:/@ only") }
        guard !scope.isEmpty || introspection else { throw ValidationError("a client without --scope or --introspection has no use") }
        for scope in scope where ScopeSet(parsing: scope)?.scopes != [scope] {
            throw ValidationError("'\(scope)' is not a scope (RFC 6749 section 3.3)")
        }
        for resource in resource where !ResourceIdentifier.isValid(resource) {
            throw ValidationError("'\(resource)' is not an absolute URI without fragment (RFC 8707 section 2)")
        }
        guard (authentication == .privateKeyJWT) == (jwks != nil) else {
            throw ValidationError("--jwks goes with --authentication private_key_jwt, and only with it")
        }
        guard (authentication == .certificate) == (certificateName != nil) else {
            throw ValidationError("--certificate-name goes with --authentication tls_client_auth, and only with it")
        }
        if let tokenLifetime, !(1...LifetimeRule.maximum).contains(tokenLifetime.value) {
            throw ValidationError("tokens live from 1s to 1h")
        }
    }

    func run() async throws {
        var client = ClientRecord(
            id: id, scopes: ScopeSet(scope), resources: resource, tokenLifetime: tokenLifetime?.value, mayIntrospect: introspection,
            createdAt: Date())
        client.authentication = authentication
        client.certificateName = certificateName.map { $0.contains("://") ? "uri:" + $0 : "dns:" + $0 }
        client.binding = bound
        if let jwks { client.jwks = try await Self.readKeys(jwks) }
        let new = try await options.administration(make: true).add(client)
        try Output.print(
            Answer(
                clientId: id, clientSecret: new.secret?.reveal(), scopes: ClientAnswer.sorted(client.scopes), resources: resource,
                tokenLifetimeSeconds: client.tokenLifetime, introspection: introspection, authentication: authentication.rawValue,
                bound: bound?.rawValue))
    }

    /// A key set with at least one key that can be used, and no private one.
    private static func readKeys(_ path: String) async throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw ValidationError("\(path) cannot be read") }
        guard let keys = await PublishedKeys(jwks: Data(text.utf8)), !keys.all.isEmpty else {
            throw ValidationError("\(path) is not a JWKS with a public ES256 or RS256 key that has kid and alg")
        }
        return text
    }

    private struct Answer: Encodable {
        let clientId: String
        let clientSecret: String?
        let scopes: [String]
        let resources: [String]
        let tokenLifetimeSeconds: Int?
        let introspection: Bool
        let authentication: String
        let bound: String?
    }
}

extension ClientAuthentication: ExpressibleByArgument {}
extension TokenBinding: ExpressibleByArgument {}
