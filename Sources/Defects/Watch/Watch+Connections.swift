import Auth
import Server

extension Watch {
    /// The settings of TLS, the handshakes that fail, and what is believed of those that somebody else has made. What would have
    /// become of handshakes that succeed is asked with the requests that follow.
    func watchConnections(_ parts: inout ServerParts, _ right: ServerParts, _ shadows: [Shadow]) {
        if let tls = right.tls {
            parts.tls = {
                let settings = try tls()
                for shadow in shadows where shadow.watches(.tls) { try shadow.read(SettingsMoment(settings: settings)) }
                return settings
            }
        }
        let handshakeShadows = shadows.filter(\.watchesConnections)
        parts.auditHandshake = { [report] record in
            await right.auditHandshake(record)
            let watched = record.peer.map { WatchedRequest($0, report) }
            await WatchedRequest.$current.withValue(watched) {
                for shadow in handshakeShadows where shadow.watchesConnections { await shadow.handshake(HandshakeMoment(record: record)) }
            }
            watched?.tell()
        }
        let forwardingShadows = shadows.filter { $0.watches(.forwarding) }
        parts.forwarding = { parts, request, now in
            let settled = await right.forwarding(parts, request, now)
            let moment = ForwardingMoment(request: request, settled: settled)
            for shadow in forwardingShadows where shadow.watches(.forwarding) { await shadow.forwarding(moment, at: now) }
            return settled
        }
    }
}
