import ArgumentParser
import Client
import Foundation
import MCP

struct Tokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Shows what a token cache holds, and logs out.",
        discussion: """
            Examples:
              mcp-client tokens list --cache ~/.mcp-tokens
              mcp-client tokens forget --config client.json
              mcp-client tokens forget --cache ~/.mcp-tokens --issuer https://issuer.example --ca ca.pem
            """,
        subcommands: [List.self, Forget.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists whose tokens a cache holds and how long they last. The tokens themselves are not shown.")

        @Flag(help: "Print one JSON object.")
        var json = false

        @OptionGroup var options: CacheOptions

        func run() async throws {
            let content = try options.keeper().keeper.content()
            let tokens = content.tokens.values.map(\.summary).sorted { $0.text < $1.text }
            let registrations = content.registrations.sorted { $0.key < $1.key }.map { issuer, client in
                ["issuer": .string(issuer), "client_id": .string(client.id)] as JSONValue
            }
            if json {
                StandardStreams.write((["tokens": .array(tokens), "registrations": .array(registrations)] as JSONValue).text)
                return
            }
            for entry in tokens {
                func text(_ member: String) -> String { entry[member]?.string ?? "" }
                let end = Date(timeIntervalSince1970: Double(entry["expires_at"]?.integer ?? 0)).formatted(.iso8601)
                let renewal = entry["refresh_token"]?.bool == true ? "; can be renewed" : ""
                StandardStreams.write("\(text("resource")): client \(text("client_id")) of \(text("issuer"))")
                StandardStreams.write("  scope \(text("scope")); access token until \(end)\(renewal)")
            }
            for (issuer, client) in content.registrations.sorted(by: { $0.key < $1.key }) {
                StandardStreams.write("registered with \(issuer) as \(client.id)")
            }
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forget",
            abstract: "Has the issuer revoke tokens, and takes them out of the cache.",
            discussion: """
                All tokens of the cache, or those that fit --issuer, --resource and --client-id. An issuer that cannot be asked keeps its \
                tokens in the cache, so that it can be asked again. One that offers no revocation is not asked.
                """)

        @Flag(help: "Do not tell the issuer.")
        var keepAtIssuer = false

        @Option(help: ArgumentHelp("Only the tokens of this issuer.", valueName: "url"))
        var issuer: String?

        @Option(help: ArgumentHelp("Only the tokens for this server.", valueName: "url"))
        var resource: String?

        @Option(help: ArgumentHelp("Only the tokens of this client.", valueName: "id"))
        var clientID: String?

        @OptionGroup var options: CacheOptions

        func run() async throws {
            let (keeper, connections) = try options.keeper()
            let result: Result<[JSONValue], ClientError>
            do throws(ClientError) {
                let forgotten = try await keeper.forget(
                    CacheKeeper.Selection(issuer: issuer, resource: resource, clientID: clientID), revokes: !keepAtIssuer)
                result = .success(
                    forgotten.map { owner, isRevoked in
                        [
                            "issuer": .string(owner.issuer), "resource": .string(owner.resource), "client_id": .string(owner.clientID),
                            "revoked": .bool(isRevoked),
                        ]
                    })
            } catch {
                result = .failure(error)
            }
            for connection in connections { await connection.close() }
            StandardStreams.write((["forgotten": .array(try result.get())] as JSONValue).text)
        }
    }
}

/// Which cache.
struct CacheOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration of the client whose cache it is.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The cache. Default: that of the configuration.", valueName: "file"))
    var cache: String?

    @Option(
        help: ArgumentHelp("Authorities that may vouch for issuers, PEM. Default: the configuration's, or the system's.", valueName: "file")
    )
    var ca: String?

    func keeper() throws -> (keeper: CacheKeeper, connections: [HTTPConnections]) {
        // Without a configuration nobody is a server: the address only keeps the place of one.
        guard let nobody = WebAddress("https://server.invalid/") else { throw Misuse(message: "no configuration") }
        var configuration = ClientConfiguration(server: nobody)
        if let config {
            let (text, file) = try Document.read(config)
            configuration = try ClientConfiguration(parsing: text, file: file)
        }
        if let ca { configuration.authority = ca }
        guard let path = cache ?? configuration.oauth?.cache else {
            throw Misuse(message: "which cache? give --cache FILE, or --config FILE with one in it")
        }
        let parts = ClientParts.standard(report: { ClientProgram.complain($0) })
        let (exchange, connections) = HTTPConnections.lines(of: configuration, parts: parts)
        return (CacheKeeper(path: path, configuration: configuration.oauth, parts: parts, exchange: exchange), connections)
    }
}
