package import Auth
package import HTTPTypes
package import MutualTLS
package import OAuth

/// What the server knows of a request before its body is read.
package struct ServerRequest: Sendable {
    /// Goes into the audit record, and into the answer as `X-Request-Id`.
    package var id: String
    /// The other end of the connection, as `127.0.0.1:54321`: the same for all requests of one connection.
    package var peer: String?
    package var method: HTTPRequest.Method
    /// As it was sent: not decoded, not normalised, without the query.
    package var path: String
    /// What stands behind the question mark, as it was sent: nothing here reads it.
    package var query: String?
    package var headers: HTTPFields
    /// Whether it came to the listener that asks nobody for a certificate, where only health is told of.
    package var isOnHealthListener = false
    /// The value of the `Host` field.
    package var authority: String?
    /// The client's certificate.
    package var certificate: PeerCertificate?
    /// The anchors under which the TLS layer verified its chain; nil where it did not.
    package var handshake: AnchorSet?
    /// How the certificate came here, where a proxy passed it on.
    package var forwarding: Forwarding?
    /// What became of its proof of possession, judged once; nil where none is asked for.
    package var proof: Proof?
    /// That proof, if it is right: whether it was used before is asked once its token has turned out to be good.
    package var unusedProof: DPoPEvidence?

    package enum Forwarding: Sendable {
        /// By this proxy, whose own certificate led to one of these anchors.
        case by(PeerCertificate, handshake: AnchorSet?)
        /// By a proxy, and not readable.
        case refused(Refusal)
    }

    /// A key that the caller proved to hold, by its RFC 7638 thumbprint, or why not.
    package enum Proof: Sendable, Hashable {
        case key(String)
        case refused(Refusal)
    }

    package init(
        id: String, peer: String? = nil, method: HTTPRequest.Method = .post, path: String = "/mcp", headers: HTTPFields = [:],
        authority: String? = nil, certificate: PeerCertificate? = nil, handshake: AnchorSet? = nil
    ) {
        self.id = id
        self.peer = peer
        self.method = method
        self.path = path
        self.headers = headers
        self.authority = authority
        self.certificate = certificate
        self.handshake = handshake
    }

    /// The credential in the header.
    package var bearer: BearerField { BearerField(headers[values: .authorization]) }
}
