import Auth
import Foundation
import MCP
import OAuth
import Serving
package import Store

/// What a server opens before it listens, and keeps open: files, stores and the lines to issuers.
package struct ServerResources: Sendable {
    let configuration: ServerConfiguration
    let keyStore: SQLiteAPIKeyStore?
    let issuers: IssuerDirectory
    let jwks: JWKSCache
    let settings: TLSSettings?
    package let certificates: CertificateResources
    let audit: AuditLog?
    let tools: [ServerTool]

    /// - Parameter report: Told of trouble with files that are read again later.
    /// - Throws: `StartFailure`, `StoreError`, `TLSSettings.Problem`.
    package init(_ configuration: ServerConfiguration, report: @escaping @Sendable (String) -> Void) throws {
        self.configuration = configuration
        keyStore = configuration.scheme.usesKeys ? try configuration.openKeyStore() : nil
        let directory = try IssuerDirectory(configuration.scheme.usesTokens ? configuration.issuers : [])
        issuers = directory
        jwks = JWKSCache(
            maxAge: .seconds(configuration.jwksMaximumAgeSeconds),
            staleness: .seconds(configuration.jwksMaximumAgeSeconds + configuration.jwksOutageSeconds)
        ) { await directory.jwks(of: $0) }
        settings = configuration.tls.map {
            TLSSettings(
                certificate: $0.certificate, key: $0.key,
                clientAuthorities: configuration.scheme.usesCertificates ? $0.clientCA : nil, intermediates: $0.intermediates,
                versions: $0.versions)
        }
        certificates = try CertificateResources(configuration, report: report)
        do {
            audit = try configuration.audit.map { try AuditLog(path: $0) }
        } catch {
            throw StartFailure("\(configuration.audit ?? ""): the audit trail cannot be opened: \(error)")
        }
        tools = try Self.tools(configuration)
    }

    /// Everything that was read from a file, read again.
    func reload() async throws {
        try await issuers.reload()
        await jwks.forget()
        try await audit?.reopen()
    }

    private static func tools(_ configuration: ServerConfiguration) throws -> [ServerTool] {
        var tools = Canary().tools + [WhoAmI.tool]
        if configuration.notes { tools += Notes().tools }
        if let upstream = configuration.upstream { tools.append(try UpstreamTool(upstream).tool) }
        if let path = configuration.files {
            do {
                tools += try FileRoot(path: path).tools
            } catch {
                throw StartFailure("\(path): the directory cannot be opened: \(error)")
            }
        }
        if let path = configuration.database {
            do {
                tools.append(try QueryTool(path: path).tool)
            } catch {
                throw StartFailure("\(path): the database cannot be opened: \(error)")
            }
        }
        return tools.sorted { $0.tool.name < $1.tool.name }
    }
}

extension ServerConfiguration {
    /// The store of API keys, with the configured longest life.
    /// - Throws: `StoreError`.
    package func openKeyStore() throws -> SQLiteAPIKeyStore {
        try SQLiteAPIKeyStore(path: store, maximumLifetime: Double(keyLifetimeDays) * 86_400)
    }
}
