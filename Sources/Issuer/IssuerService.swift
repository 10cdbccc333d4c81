import Auth
import Foundation
import Hummingbird
import Logging
import OAuth
import Serving
import Store

/// The issuer on a port.
struct IssuerService: Sendable {
    let configuration: IssuerConfiguration
    /// Makes the parts when the identifier is known, which may be the URL it listens at.
    let parts: @Sendable (_ issuer: String) -> IssuerParts
    let store: IssuerStore

    func run(exitWithParent: Bool) async throws {
        let logger = Logger(label: "token-issuer", factory: { StreamLogHandler.standardError(label: $0) })
        if configuration.passwordCost < PasswordHash.Cost.standard.rounds {
            logger.warning(
                "password_cost \(configuration.passwordCost) makes passwords cheap to guess: \(PasswordHash.Cost.standard.rounds) is usual")
        }
        let settings = configuration.tls.map {
            TLSSettings(
                certificate: $0.certificate, key: $0.key, clientAuthorities: configuration.clientCA,
                intermediates: configuration.intermediates, clientsMayBeAnonymous: true,
                clientsMayBeSelfSigned: configuration.selfSignedCertificates)
        }
        let contexts = try settings.map { try TLSContexts($0) }
        let transport: HTTPListener.Transport =
            if let contexts {
                .tls(contexts) { logger.debug("no TLS with \($0.peer ?? "somebody"): \($0.description)") }
            } else {
                .plaintext
            }
        let issuing = IssuerMiddleware(limits: Self.limits)
        let router = Router(context: PeerRequestContext.self)
        router.add(middleware: RequestHygiene(limits: Self.limits))
        router.add(middleware: issuing)
        let listener = HTTPListener(
            "url", host: configuration.listen.host, port: configuration.listen.port, transport: transport, limits: Self.limits,
            router: router)
        let service = HTTPService(
            listeners: [listener], limits: Self.limits, exitWithParent: exitWithParent, logger: logger,
            onBound: { urls in
                let issuer = configuration.issuer ?? urls["url"] ?? ""
                issuing.begin(
                    IssuerEndpoints(issuer: issuer, base: Self.origin(of: issuer), parts: parts(issuer), store: store, logger: logger))
                return urls.merging(["issuer": issuer]) { $1 }
            },
            onReload: { if let settings { try contexts?.replace(settings) } })
        try await service.run()
    }

    /// Endpoints are where the issuer's identifier says it is, which is another address than the bound one behind a proxy.
    private static func origin(of issuer: String) -> String {
        guard var components = URLComponents(string: issuer) else { return issuer }
        components.path = ""
        return components.string ?? issuer
    }

    private static var limits: Limits {
        var limits = Limits()
        // A token request is a few hundred bytes; a resource and a token to introspect may be long.
        limits.body = 16 * 1024
        return limits
    }
}
