package import Auth
import Foundation
package import MutualTLS
package import NIOCore
import NIOSSL
import NIOTLS
import Synchronization
import X509

/// A TLS handshake that did not come to an end, for the audit trail: HTTP never hears of it.
package struct HandshakeFailure: Sendable, Hashable {
    /// The other end of the connection, as `127.0.0.1:54321`.
    package var peer: String?
    /// What was wrong with the client's certificate; nil where something else was, such as the protocol version.
    package var reason: Reason?
    /// BoringSSL's words, such as `CERTIFICATE_VERIFY_FAILED`.
    package var description: String
}

/// What one TLS connection knows of its peer. The certificate is parsed once, when the handshake is complete,
/// and then belongs to every request of the connection, on a resumed session too.
package final class ConnectionPeer: Sendable {
    /// Set while a connection's requests are handled: a request context is made off the event loop, and finds it here.
    @TaskLocal package static var current: ConnectionPeer?

    private let stored = Mutex<PeerCertificate?>(nil)
    private let chain = Mutex<[[UInt8]]>([])

    /// The anchors that the client's certificate was found to lead to one of.
    package let anchors: AnchorSet

    package init(anchors: AnchorSet) {
        self.anchors = anchors
    }

    /// The client's certificate, or nil where none was asked for.
    package var certificate: PeerCertificate? { stored.withLock { $0 } }

    func set(_ certificate: PeerCertificate) {
        stored.withLock { $0 = certificate }
    }

    /// One of the certificates that the handshake verifies, from the anchor to the client's own; in DER.
    func note(verified certificate: [UInt8]) {
        chain.withLock { $0.append(certificate) }
    }

    /// Those certificates; empty afterwards.
    func takeChain() -> [[UInt8]] {
        chain.withLock { chain in
            defer { chain = [] }
            return chain
        }
    }
}

/// Sits right behind the TLS handler and sees how the handshake ends.
final class HandshakeObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: ConnectionPeer
    private let issuers: SentIssuers
    private let onFailure: @Sendable (HandshakeFailure) -> Void
    private let deadline: TimeAmount
    private var timeout: Scheduled<Void>?
    private var completed = false
    private var reported = false

    init(
        peer: ConnectionPeer, issuers: SentIssuers, deadline: TimeAmount, onFailure: @escaping @Sendable (HandshakeFailure) -> Void
    ) {
        self.peer = peer
        self.issuers = issuers
        self.deadline = deadline
        self.onFailure = onFailure
    }

    /// The whole handshake has one deadline: a peer that sends a byte now and then is never silent.
    func handlerAdded(context: ChannelHandlerContext) {
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
            self.report(context, "the handshake took too long")
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            completed = true
            timeout?.cancel()
            readCertificate(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case NIOSSLError.handshakeFailed(let cause) = error {
            let description = Self.words(in: "\(cause)")
            report(context, description, reason(for: description, context))
        }
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        if !completed { report(context, "the connection ended during the handshake") }
        context.fireChannelInactive()
    }

    private func readCertificate(_ context: ChannelHandlerContext) {
        guard let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let presented = handler.peerCertificate
        else { return }
        do {
            let bytes = try presented.toDERBytes()
            // Issuers that cannot be read here are none that could vouch.
            let sent: [Certificate]?
            do { sent = try issuers.issuers(of: bytes, verified: peer.takeChain()) } catch { sent = [] }
            peer.set(try PeerCertificate(der: bytes, issuers: sent))
        } catch {
            // The requests will have no certificate, and be refused for that.
            report(context, "the client's certificate cannot be read: \(error)", .malformed)
        }
    }

    /// BoringSSL's own words, without its source paths: those say where this program was built.
    private static func words(in description: String) -> String {
        let words = description.matches(of: /OPENSSL_internal:([A-Z0-9_]+)/).map { String($0.output.1) }
        return words.isEmpty ? "the handshake failed" : words.joined(separator: ", ")
    }

    /// What some of BoringSSL's words come to: a key that is not for signatures, a version that is not spoken, and what is no TLS.
    private static let reasons: [String: Reason] = [
        "KEY_USAGE_BIT_INCORRECT": .usage, "UNSUPPORTED_PROTOCOL": .algorithm, "WRONG_VERSION_NUMBER": .malformed,
        "HTTP_REQUEST": .malformed, "EXCESSIVE_MESSAGE_SIZE": .malformed,
    ]

    /// BoringSSL tells the verifier's finding to the client in an alert, and to us only that there was one.
    private func reason(for description: String, _ context: ChannelHandlerContext) -> Reason? {
        if description.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") { return .missing }
        if let reason = Self.reasons.first(where: { description.contains($0.key) })?.value { return reason }
        guard description.contains("CERTIFICATE_VERIFY_FAILED") else { return nil }
        guard let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let presented = handler.peerCertificate, let bytes = try? presented.toDERBytes()
        else { return .untrusted }
        guard let leaf = try? PeerCertificate(der: bytes) else { return .malformed }
        let now = Date()
        if now > leaf.notAfter { return .expired }
        if now < leaf.notBefore { return .notYetValid }
        return leaf.mayBeClient == false || leaf.maySign == false ? .usage : .untrusted
    }

    private func report(_ context: ChannelHandlerContext, _ description: String, _ reason: Reason? = nil) {
        guard !reported else { return }
        reported = true
        onFailure(HandshakeFailure(peer: context.remoteAddress?.hostAndPort, reason: reason, description: description))
    }
}

extension SocketAddress {
    /// `127.0.0.1:54321`, or nil for an address without a port.
    package var hostAndPort: String? {
        guard let host = ipAddress, let port else { return nil }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
