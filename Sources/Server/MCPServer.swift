import Auth
import Foundation
import Hummingbird
import Logging
import MCP
import Serving

/// The server on its ports.
package struct MCPServer: Sendable {
    package typealias Bend = @Sendable (inout ServerParts) -> Void

    private let configuration: ServerConfiguration
    private let resources: ServerResources
    private let logger: Logger
    private let bend: Bend

    /// - Parameter bend: Changes the correct assembly before the first request; the real program changes nothing.
    /// - Throws: `StartFailure`, `StoreError`, `TLSSettings.Problem`.
    package init(_ configuration: ServerConfiguration, bend: @escaping Bend = { _ in }) throws {
        let logger = Logger(label: "mcp-server", factory: { StreamLogHandler.standardError(label: $0) })
        self.configuration = configuration
        self.logger = logger
        self.bend = bend
        resources = try ServerResources(configuration) { logger.error("\($0)") }
    }

    /// Serves until SIGTERM, SIGINT or, with `exitWithParent`, the end of standard input.
    package func run(exitWithParent: Bool) async throws {
        if configuration.scheme == .none { logger.warning("authentication is switched off: anyone may do anything") }
        if configuration.audit == nil { logger.warning("no audit trail is kept: the configuration names none") }
        let limits = configuration.limits
        let contexts = try resources.settings.map(Self.contexts)
        let handshakes = HandshakeAudit(logger: logger)
        let main = ServerMiddleware(limits: limits)
        let health = ServerMiddleware(limits: limits, onlyHealth: true)
        var listeners = [
            HTTPListener(
                "url", host: configuration.listen.host, port: configuration.listen.port,
                transport: contexts.map { .tls($0, onFailure: handshakes.note) } ?? .plaintext, limits: limits,
                router: router(main, limits))
        ]
        if configuration.plaintext {
            listeners.append(HTTPListener("plaintext", transport: .plaintext, limits: limits, router: router(main, limits)))
        }
        let healthContexts = try configuration.health ? healthSettings.map(Self.contexts) : nil
        if let healthContexts {
            listeners.append(
                HTTPListener(
                    "health", host: configuration.listen.host, transport: .tls(healthContexts, onFailure: handshakes.note), limits: limits,
                    router: router(health, limits)))
        }
        let watch = Regularly(every: .seconds(1)) { [reload] in await reload.tick() }
        let service = HTTPService(
            listeners: listeners, services: [resources.issuers, watch] + resources.certificates.services, limits: limits,
            exitWithParent: exitWithParent, logger: logger,
            onBound: { urls in
                var parts = ServerParts.standard(resources, endpoints: endpoints(urls))
                bend(&parts)
                let certificates = certificateReload(parts, contexts, healthContexts)
                try await certificates.begin()
                contexts?.chainJudge = parts.chainJudge
                contexts?.deadline = parts.limits.handshake
                // A list that must be fetched may be had later; until then nobody it is about is let in.
                if parts.revocation is CRLDistributionPoint { _ = await resources.certificates.reloadLists() }
                handshakes.begin(parts)
                main.begin(parts)
                health.begin(parts)
                reload.set(certificates, resources)
                return members(urls, parts)
            },
            onReload: { try await reload.run() })
        try await service.run()
    }

    private let reload = ReloadAction()

    private func certificateReload(_ parts: ServerParts, _ main: TLSContexts?, _ health: TLSContexts?) -> CertificateReload {
        var listeners: [CertificateReload.Listener] = []
        if let main, let tls = parts.tls { listeners.append(.init(contexts: main, configuration: tls)) }
        if let health, let healthSettings { listeners.append(.init(contexts: health) { try healthSettings.configuration() }) }
        return CertificateReload(
            configuration, resources.certificates, listeners: listeners, clock: parts.clock,
            note: { [logger] in logger.info("\($0)") }, report: { [logger] in logger.error("\($0)") })
    }

    private static func contexts(_ settings: TLSSettings) throws -> TLSContexts {
        do {
            return try TLSContexts(settings)
        } catch {
            throw StartFailure("\(error)")
        }
    }

    private func router(_ middleware: ServerMiddleware, _ limits: Limits) -> Router<PeerRequestContext> {
        let router = Router(context: PeerRequestContext.self)
        router.add(middleware: RequestHygiene(limits: limits, readsAuthorization: false, readsHost: false))
        router.add(middleware: middleware)
        return router
    }

    /// The main listener's settings, without asking for a client certificate.
    private var healthSettings: TLSSettings? {
        resources.settings.map { TLSSettings(certificate: $0.certificate, key: $0.key, versions: $0.versions) }
    }

    private func endpoints(_ urls: [String: String]) -> Endpoints {
        let resource = configuration.resource.flatMap { URL(string: $0)?.host() }
        let named = [configuration.listen.host] + [resource].compactMap { $0 }
        let hosts = Set(["127.0.0.1", "localhost", "[::1]"] + named.map { $0.lowercased() })
        return Endpoints(url: urls["url"] ?? "", plaintext: urls["plaintext"], hosts: hosts)
    }

    private func members(_ urls: [String: String], _ parts: ServerParts) -> [String: String] {
        var members = urls
        members["mcp"] = parts.endpoints.mcp
        members["health"] = urls["health"].map { $0 + Path.health }
        if configuration.scheme == .none { members["auth"] = "off" }
        return members
    }
}
