package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import ServiceLifecycle

/// One port, and who answers there.
package struct HTTPListener: Sendable {
    package enum Transport: Sendable {
        case plaintext
        /// With or without client certificates, as the contexts say; failed handshakes go to the closure.
        case tls(TLSContexts, onFailure: @Sendable (HandshakeFailure) -> Void)
    }

    /// What the listener's address is called in the ready line, such as `url`.
    package let name: String
    private let scheme: String
    private let host: String
    private let makeService: @Sendable (Logger, @escaping @Sendable (any Channel) async -> Void) -> any Service

    /// - Parameter port: 0 lets the system choose.
    package init<Responder: HTTPResponder>(
        _ name: String, host: String = "127.0.0.1", port: Int = 0, transport: Transport, limits: Limits = Limits(), responder: Responder
    ) where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        self.name = name
        self.host = host
        switch transport {
        case .plaintext: scheme = "http"
        case .tls: scheme = "https"
        }
        makeService = { logger, onBound in
            Application(
                responder: responder,
                server: Self.server(transport, limits),
                configuration: ApplicationConfiguration(
                    address: .hostname(host, port: port), serverName: nil,
                    availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
                onServerRunning: onBound,
                logger: logger)
        }
    }

    package init<Context: RequestContext>(
        _ name: String, host: String = "127.0.0.1", port: Int = 0, transport: Transport, limits: Limits = Limits(), router: Router<Context>
    ) where Context: InitializableFromSource<ApplicationRequestContextSource> {
        self.init(name, host: host, port: port, transport: transport, limits: limits, responder: router.buildResponder())
    }

    /// The listener as a service of its own. The closure receives its name and its address, such as `https://127.0.0.1:4381`,
    /// once it accepts connections.
    package func service(logger: Logger, onBound: @escaping @Sendable (_ name: String, _ url: String) -> Void) -> any Service {
        makeService(logger) { channel in
            let authority = host.contains(":") ? "[\(host)]" : host
            onBound(name, "\(scheme)://\(authority):\(channel.localAddress?.port ?? 0)")
        }
    }

    private static func server(_ transport: Transport, _ limits: Limits) -> HTTPServerBuilder {
        let http = HTTP1Channel.Configuration(
            idleTimeout: limits.idle,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headers, maxHeaderListSize: limits.headers, maxHeaderFieldCount: 200))
        switch transport {
        case .plaintext:
            return .http1(configuration: http)
        case .tls(let contexts, let onFailure):
            return HTTPServerBuilder { responder in
                MutualTLSChannel(
                    base: HTTP1Channel(responder: responder, configuration: http), contexts: contexts, deadline: limits.handshake,
                    onFailure: onFailure)
            }
        }
    }
}
