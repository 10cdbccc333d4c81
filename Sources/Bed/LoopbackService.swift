package import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
package import Probing
import ServiceLifecycle

/// An HTTP server of the bed's own on 127.0.0.1, from its start until it is stopped.
package struct LoopbackService: Sendable {
    package let port: Int
    private let task: Task<Void, Never>

    /// Returns when connections are accepted.
    ///
    /// - Parameters:
    ///   - name: What it is, for messages: `front of the issuer`.
    ///   - port: Where it is expected; 0 for any.
    ///   - identity: The certificate to show; nil for plain text.
    /// - Throws: `BedError` when it cannot listen there, or the certificate cannot be used.
    package static func start(
        _ name: String, port: Int = 0, identity: ClientIdentity? = nil, responder: some HTTPResponder<BasicRequestContext>
    ) async throws -> LoopbackService {
        let tls = try identity.map { try FrontChannel<HTTP1Channel>.context(certificate: $0.certificate, key: $0.key) }
        let silent = Logger(label: name, factory: { _ in SwiftLogNoOpLogHandler() })
        let bound = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: responder,
            server: tls.map { tls in .init { responder in FrontChannel(base: HTTP1Channel(responder: responder), tls: tls) } } ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                bound.continuation.yield(channel.localAddress?.port ?? 0)
                bound.continuation.finish()
            }, logger: silent)
        let task = Task {
            try? await ServiceGroup(configuration: .init(services: [.init(service: application)], logger: silent)).run()
            // One that never listened is not waited for.
            bound.continuation.finish()
        }
        guard let found = await bound.stream.first(where: { _ in true }), found != 0 else {
            task.cancel()
            throw BedError("the bed's \(name) did not start\(port == 0 ? "" : " at port \(port)")")
        }
        return LoopbackService(port: found, task: task)
    }

    package func stop() { task.cancel() }

    /// Stops it, and returns when it has stopped.
    package func end() async {
        stop()
        await task.value
    }
}
