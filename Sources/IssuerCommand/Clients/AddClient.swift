import ArgumentParser
import Auth
import Foundation
import Issuer
import Store

struct AddClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Registers a client and prints its secret, this once.",
        discussion: """
            Examples:
              token-issuer clients add alice --scope mcp:read --scope mcp:write --config issuer.json
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
        if let tokenLifetime, !(1...LifetimeRule.maximum).contains(tokenLifetime.value) {
            throw ValidationError("tokens live from 1s to 1h")
        }
    }

    func run() async throws {
        let client = ClientRecord(
            id: id, scopes: ScopeSet(scope), resources: resource, tokenLifetime: tokenLifetime?.value, mayIntrospect: introspection,
            createdAt: Date())
        let new = try await options.administration(make: true).add(client)
        try Output.print(
            Answer(
                clientId: id, clientSecret: new.secret.reveal(), scopes: ClientAnswer.sorted(client.scopes), resources: resource,
                tokenLifetimeSeconds: client.tokenLifetime, introspection: introspection))
    }

    private struct Answer: Encodable {
        let clientId: String
        let clientSecret: String
        let scopes: [String]
        let resources: [String]
        let tokenLifetimeSeconds: Int?
        let introspection: Bool
    }
}
