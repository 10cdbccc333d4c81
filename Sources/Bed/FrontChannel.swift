import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// HTTP over TLS.
struct FrontChannel<Base: ServerChildChannel>: ServerChildChannel {
    private let base: Base
    private let tls: NIOSSLContext

    init(base: Base, tls: NIOSSLContext) {
        self.base = base
        self.tls = tls
    }

    /// - Parameters: PEM files: a chain, leaf first, and the leaf's private key.
    /// - Throws: `BedError` when they cannot be used.
    static func context(certificate: String, key: String) throws -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map(NIOSSLCertificateSource.certificate)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
        } catch {
            throw BedError("no TLS with \(certificate): \(error)")
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
