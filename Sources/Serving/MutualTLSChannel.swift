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
    private let onFailure: @Sendable (HandshakeFailure) -> Void

    package init(base: Base, contexts: TLSContexts, onFailure: @escaping @Sendable (HandshakeFailure) -> Void) {
        self.base = base
        self.contexts = contexts
        self.onFailure = onFailure
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let peer = ConnectionPeer()
        return channel.eventLoop.makeCompletedFuture {
            let tls = Self.handler(contexts)
            try channel.pipeline.syncOperations.addHandlers([tls, HandshakeObserver(peer: peer, onFailure: onFailure)])
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }.map {
            Value(base: $0, peer: peer)
        }
    }

    /// No verification callback where there is no judge: it would replace BoringSSL's, and is not called for a resumed session.
    private static func handler(_ contexts: TLSContexts) -> NIOSSLServerHandler {
        guard let judge = contexts.chainJudge else { return NIOSSLServerHandler(context: contexts.current) }
        return NIOSSLServerHandler(
            context: contexts.current,
            customVerificationCallback: { chain, promise in promise.succeed(judge(chain) ? .certificateVerified : .failed) })
    }

    package func handle(value: Value, logger: Logger) async {
        await ConnectionPeer.$current.withValue(value.peer) {
            await base.handle(value: value.base, logger: logger)
        }
    }
}
