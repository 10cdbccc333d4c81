import ArgumentParser
import Auth
import Foundation
import Server
import Store

struct IssueKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Makes a key and prints it, this once.",
        discussion: """
            Without --lifetime a key lives as long as the configuration allows, 90 days by default.

            Example:
              mcp-server keys issue --principal alice --scope mcp:read --lifetime 30d --config server.json
            """)

    @Option(help: "Who the key stands for.")
    var principal: String

    @Option(help: "Whose data it opens, where one server holds the data of several tenants.")
    var tenant: String?

    @Option(help: "A scope it has; may be given several times.")
    var scope: [String] = []

    @Option(help: "How long it lives, such as 90d, 3600s or 2s.")
    var lifetime: Seconds?

    @OptionGroup var options: StoreOptions

    func validate() throws {
        for scope in scope where ScopeSet(parsing: scope)?.scopes != [scope] {
            throw ValidationError("'\(scope)' is not a scope (RFC 6749 section 3.3)")
        }
    }

    func run() async throws {
        let issued = try await options.administration(make: true).issue(
            principal: principal, tenant: tenant, scopes: ScopeSet(scope), lifetime: lifetime.map { TimeInterval($0.value) })
        try Output.print(
            Answer(
                keyId: issued.record.id, key: issued.key.text.reveal(), principal: principal, tenant: tenant,
                scopes: issued.record.scopes.scopes.sorted(), expiresAt: Output.epoch(issued.record.expiresAt)))
    }

    private struct Answer: Encodable {
        let keyId: String
        let key: String
        let principal: String
        let tenant: String?
        let scopes: [String]
        let expiresAt: Int
    }
}
