package import NIOSSL
import Synchronization

/// The TLS settings for connections yet to be made. A new context also forgets every session ticket of the old one,
/// so that no session outlives the certificates and anchors it began with.
package final class TLSContexts: Sendable {
    /// Says whether a client's chain, leaf first, may be used.
    package typealias ChainJudge = @Sendable ([NIOSSLCertificate]) -> Bool

    private let context: Mutex<NIOSSLContext>
    private let judge = Mutex<ChainJudge?>(nil)

    /// - Throws: BoringSSL's error, such as for a key that does not fit the certificate.
    package init(_ configuration: TLSConfiguration) throws {
        context = Mutex(try NIOSSLContext(configuration: configuration))
    }

    /// Reads the files of the settings.
    package convenience init(_ settings: TLSSettings) throws {
        try self.init(settings.configuration())
    }

    package var current: NIOSSLContext { context.withLock { $0 } }

    /// Who judges the chains of connections yet to be made. Nil is BoringSSL's path validation (RFC 5280 section 6), which
    /// sends the specific alerts; another judge takes its place.
    package var chainJudge: ChainJudge? {
        get { judge.withLock { $0 } }
        set { judge.withLock { $0 = newValue } }
    }

    /// Takes effect with the next connection; open ones go on. On an error the old context stays.
    package func replace(_ configuration: TLSConfiguration) throws {
        let new = try NIOSSLContext(configuration: configuration)
        context.withLock { $0 = new }
    }

    /// Reads the files again.
    package func replace(_ settings: TLSSettings) throws {
        try replace(settings.configuration())
    }
}
