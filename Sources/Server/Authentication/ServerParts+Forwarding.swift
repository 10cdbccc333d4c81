import Auth
package import HTTPTypes
import MutualTLS
import Serving

package import struct Foundation.Date

extension ServerParts {
    /// A proxy's word on who its client is (RFC 9440) counts where the proxy is one of those declared, proven by its own
    /// certificate. Everybody else's fields are not read, whatever their name (RFC 9700 section 4.13).
    package static let standardForwarding: @Sendable (ServerParts, ServerRequest, Date) async -> ServerRequest = { parts, request, now in
        guard let proxies = parts.proxies, let peer = request.certificate, !request.headers[values: .clientCert].isEmpty else {
            return request
        }
        var evidence = PeerEvidence(peer: peer, handshake: request.handshake)
        guard await proxies.objection(to: &evidence, at: now) == nil else { return request }
        var request = request
        switch ForwardedCertificate(request.headers[values: .clientCert]) {
        case .absent: break
        case .certificate(let client):
            request.forwarding = .by(peer, handshake: request.handshake)
            (request.certificate, request.handshake) = (client, nil)
        case .unreadable(let refusal):
            request.forwarding = .refused(refusal)
        }
        return request
    }

    /// What is wrong with who passed the certificate on: asked again whenever the certificate is judged.
    func objectionToProxy(of request: ServerRequest, at now: Date) async -> Refusal? {
        switch request.forwarding {
        case nil: return nil
        case .refused(let refusal): return refusal
        case .by(let proxy, let handshake):
            var evidence = PeerEvidence(peer: proxy, handshake: handshake)
            guard let objection = await proxies?.objection(to: &evidence, at: now) else { return nil }
            return Refusal(objection.refusal.reason, "its proxy: \(objection.refusal.detail)")
        }
    }
}

extension HTTPField.Name {
    /// RFC 9440 section 2.2.
    package static let clientCert = known("Client-Cert")
}
