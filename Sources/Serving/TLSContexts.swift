package import NIOSSL
import Synchronization

/// The TLS settings for connections yet to be made. A new context also forgets every session ticket of the old one,
/// so that no session outlives the certificates and anchors it began with.
package final class TLSContexts: Sendable {
    private let context: Mutex<NIOSSLContext>

    /// - Throws: BoringSSL's error, such as for a key that does not fit the certificate.
    package init(_ configuration: TLSConfiguration) throws {
        context = Mutex(try NIOSSLContext(configuration: configuration))
    }

    /// Reads the files of the settings.
    package convenience init(_ settings: TLSSettings) throws {
        try self.init(settings.configuration())
    }

    package var current: NIOSSLContext { context.withLock { $0 } }

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
