import Auth
import Foundation
import Logging
import Serving
import Store

/// The program `token-issuer serve`, and every variant of it.
package enum IssuerProgram {
    /// Serves until it is told to stop.
    ///
    /// - Parameters:
    ///   - configurationText: The configuration document.
    ///   - file: How errors name the document.
    ///   - exitWithParent: End when standard input is closed.
    ///   - bend: Changes the correct assembly; a defect does, the real program does not.
    /// - Throws: `ConfigurationError`, `IssuerStoreError`, or what keeps the server from listening.
    package static func serve(
        configurationText: String, file: String = "configuration", exitWithParent: Bool,
        bend: @escaping @Sendable (inout IssuerParts) -> Void = { _ in }
    ) async throws {
        let configuration = try IssuerConfiguration(parsing: configurationText, file: file)
        if let file = configuration.clientIDMetadataCA { _ = try ClientDocumentFetcher.certificates(file) }
        let store = try IssuerStore(path: configuration.store)
        let audit = try IssuerAudit.open(configuration.audit)
        try await IssuerAdministration(store: store, audit: audit).ensureSigningKey(configuration.algorithm)
        let service = IssuerService(
            configuration: configuration,
            parts: { issuer in
                var parts = IssuerParts.standard(configuration: configuration, issuer: issuer, audit: audit)
                bend(&parts)
                return parts
            }, store: store)
        try await service.run(exitWithParent: exitWithParent)
    }

    /// The text of a configuration; `-` is the first line of standard input.
    ///
    /// - Throws: `ConfigurationError`.
    package static func read(_ file: String) throws -> String {
        try ConfigurationInput.read(file)
    }
}
