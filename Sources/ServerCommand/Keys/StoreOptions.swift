import ArgumentParser
import Auth
import Foundation
import Server
import Store

/// Which server's keys are administered.
struct StoreOptions: ParsableArguments {
    @Option(help: "The server's configuration, - for standard input: names the store, the environment and the audit trail.")
    var config: String

    /// - Parameter make: Whether a store is made when there is none.
    func administration(make: Bool = false) throws -> KeyAdministration {
        let configuration = try ServerProgram.configuration(parsing: try ServerProgram.read(config), file: config)
        guard make || FileManager.default.fileExists(atPath: configuration.store) else {
            throw Misuse(description: "there is no store \(configuration.store)")
        }
        return try KeyAdministration(configuration)
    }
}

/// The form in which a key is shown: everything but the key.
struct KeyAnswer: Encodable {
    let keyId: String
    let principal: String
    let tenant: String?
    let scopes: [String]
    let environment: String
    let createdAt: Int
    let expiresAt: Int
    let revokedAt: Int?
    let replacedBy: String?

    init(_ record: APIKeyRecord) {
        keyId = record.id
        principal = record.principal
        tenant = record.tenant
        scopes = record.scopes.scopes.sorted()
        environment = record.environment
        createdAt = Output.epoch(record.createdAt)
        expiresAt = Output.epoch(record.expiresAt)
        revokedAt = record.revokedAt.map(Output.epoch)
        replacedBy = record.replacedBy
    }
}
