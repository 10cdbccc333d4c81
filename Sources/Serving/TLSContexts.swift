package import MutualTLS
package import NIOCore
package import NIOSSL
import Synchronization

/// The TLS settings for connections yet to be made. A new context also forgets every session ticket of the old one,
/// so that no session outlives the certificates and anchors it began with.
package final class TLSContexts: Sendable {
    /// Says whether a client's chain, leaf first, may be used.
    package typealias ChainJudge = @Sendable ([NIOSSLCertificate]) -> Bool

    /// A context, and the anchors that the handshakes under it lead to.
    package struct Context: Sendable {
        package let context: NIOSSLContext
        package let anchors: AnchorSet
        /// What its handshakes have learned, for the sessions that go on from them.
        let issuers = SentIssuers()

        /// - Throws: BoringSSL's error, such as for a key that does not fit the certificate.
        package init(_ configuration: TLSConfiguration) throws {
            context = try NIOSSLContext(configuration: configuration)
            if case .certificates(let roots)? = configuration.trustRoots {
                anchors = AnchorSet(try roots.map { try $0.toDERBytes() })
            } else {
                anchors = AnchorSet([])
            }
        }
    }

    private let context: Mutex<Context>
    private let judge = Mutex<ChainJudge?>(nil)
    private let longest = Mutex<TimeAmount?>(nil)
    /// Whether clients with self-signed certificates are served: see ``SelfSignedClients``.
    package let servesSelfSigned: Bool

    /// - Throws: BoringSSL's error, such as for a key that does not fit the certificate.
    package init(_ configuration: TLSConfiguration, servesSelfSigned: Bool = false) throws {
        self.servesSelfSigned = servesSelfSigned
        context = Mutex(try Context(configuration))
    }

    /// Reads the files of the settings.
    package convenience init(_ settings: TLSSettings) throws {
        try self.init(settings.configuration(), servesSelfSigned: settings.clientsMayBeSelfSigned)
    }

    package var current: Context { context.withLock { $0 } }

    /// Who judges the chains of connections yet to be made. Nil is BoringSSL's path validation (RFC 5280 section 6), which
    /// sends the specific alerts; another judge takes its place.
    package var chainJudge: ChainJudge? {
        get { judge.withLock { $0 } }
        set { judge.withLock { $0 = newValue } }
    }

    /// How long the handshake of a connection yet to be made may take; nil for what its listener says.
    package var deadline: TimeAmount? {
        get { longest.withLock { $0 } }
        set { longest.withLock { $0 = newValue } }
    }

    /// Takes effect with the next connection; open ones go on. On an error the old context stays.
    package func replace(_ configuration: TLSConfiguration) throws {
        install(try Context(configuration))
    }

    /// Takes effect with the next connection.
    package func install(_ new: Context) {
        context.withLock { $0 = new }
    }

    /// Reads the files again.
    package func replace(_ settings: TLSSettings) throws {
        try replace(settings.configuration())
    }
}
