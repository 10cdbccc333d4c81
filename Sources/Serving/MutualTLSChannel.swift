package import HummingbirdCore
package import Logging
package import NIOCore
import NIOSSL

/// HTTP over TLS with the context that is current when a connection comes in, and with the client's certificate at hand.
package struct MutualTLSChannel<Base: ServerChildChannel>: ServerChildChannel {
    package struct Value: ServerChildChannelValue {
        let base: Base.Value
        let peer: ConnectionPeer
        package var channel: any Channel { base.channel }
    }

    private let base: Base
    private let contexts: TLSContexts
    private let deadline: TimeAmount
    private let onFailure: @Sendable (HandshakeFailure) -> Void

    /// - Parameter deadline: How long a handshake may take.
    package init(
        base: Base, contexts: TLSContexts, deadline: TimeAmount, onFailure: @escaping @Sendable (HandshakeFailure) -> Void
    ) {
        self.base = base
        self.contexts = contexts
        self.deadline = deadline
        self.onFailure = onFailure
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let current = contexts.current
        let peer = ConnectionPeer(anchors: current.anchors)
        return channel.eventLoop.makeCompletedFuture {
            let tls = try Self.handler(current.context, contexts, peer)
            let observer = HandshakeObserver(
                peer: peer, issuers: current.issuers, deadline: contexts.deadline ?? deadline, onFailure: onFailure)
            try channel.pipeline.syncOperations.addHandlers([tls, observer])
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }.map {
            Value(base: $0, peer: peer)
        }
    }

    private static func handler(
        _ context: NIOSSLContext, _ contexts: TLSContexts, _ peer: ConnectionPeer
    ) throws -> NIOSSLServerHandler {
        guard let judge = contexts.chainJudge else {
            let before = contexts.servesSelfSigned ? SelfSignedClients.callback() : nil
            return try NIOSSLServerHandler(context: context, verificationCallback: ChainWitness.callback(peer, after: before))
        }
        return NIOSSLServerHandler(
            context: context,
            customVerificationCallback: { chain, promise in promise.succeed(judge(chain) ? .certificateVerified : .failed) })
    }

    package func handle(value: Value, logger: Logger) async {
        await ConnectionPeer.$current.withValue(value.peer) {
            await base.handle(value: value.base, logger: logger)
        }
    }
}
