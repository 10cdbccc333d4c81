import ArgumentParser
import Foundation
import Issuer

/// Which issuer is administered.
struct StoreOptions: ParsableArguments {
    @Option(help: "The issuer's configuration, - for standard input: names the store, and the audit trail to write to.")
    var config: String?

    @Option(help: "The issuer's store alone.")
    var store: String?

    func validate() throws {
        guard (config == nil) != (store == nil) else { throw ValidationError("give one of --config and --store") }
    }

    /// - Parameter make: Whether a store is made when there is none.
    func administration(make: Bool = false) throws -> IssuerAdministration {
        let configuration = try configuration()
        guard make || FileManager.default.fileExists(atPath: configuration.store) else {
            throw Misuse(message: "there is no store \(configuration.store)")
        }
        return try IssuerAdministration(configuration)
    }

    func configuration() throws -> IssuerConfiguration {
        if let store { return IssuerConfiguration(store: store) }
        let file = config ?? "-"
        return try IssuerConfiguration(parsing: try IssuerProgram.read(file), file: file)
    }
}
