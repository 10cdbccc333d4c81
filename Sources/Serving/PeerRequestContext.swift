package import Hummingbird
package import MutualTLS
package import NIOCore
import Synchronization

/// What every request of ours carries: an identifier for the audit trail, the connection, and its peer's certificate.
package protocol ServedRequestContext: RequestContext where Source == ApplicationRequestContextSource {
    var served: Served { get }
}

extension ServedRequestContext {
    /// The value of `X-Request-Id` in the answer.
    package var requestID: String { served.requestID }
    /// The client's certificate, whose chain the TLS layer built; also on a resumed session. Nil: none was asked for.
    package var peer: PeerCertificate? { served.peer }
    /// The other end of the connection, as `127.0.0.1:54321`.
    package var peerAddress: String? { served.channel.remoteAddress?.hostAndPort }
}

/// The part of a request context that `Serving` fills.
package struct Served: Sendable {
    package let requestID: String
    package let channel: any Channel
    package let peer: PeerCertificate?
    /// The anchors that its certificate was found to lead to one of; nil without TLS.
    package let anchors: AnchorSet?
    let body = BodyState()

    package init(_ source: ApplicationRequestContextSource) {
        requestID = Self.randomID()
        channel = source.channel
        let connection = ConnectionPeer.current
        peer = connection?.certificate
        anchors = connection?.anchors
    }

    /// Never taken from the request: a caller could else choose another's, and mix up the audit trail.
    private static func randomID() -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<32).map { _ in digits[Int.random(in: 0..<16)] })
    }
}

/// Whether the body of a request was read to its end.
final class BodyState: Sendable {
    private let finished = Atomic<Bool>(false)

    var isFinished: Bool { finished.load(ordering: .relaxed) }

    func finish() { finished.store(true, ordering: .relaxed) }
}

/// The context for routers that need no more than that.
package struct PeerRequestContext: ServedRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let served: Served

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        served = Served(source)
    }
}
