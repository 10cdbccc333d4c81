package import Auth
import MutualTLS

package import struct Foundation.Date

/// What came out of asking who is calling: the decision, and which credentials were shown.
package struct Authentication: Sendable {
    package var decision: Decision
    /// By layer, also of credentials that were refused, as far as they could be read.
    package var credentials: [Layer: CredentialID]
    /// Why nobody could say whether the certificate is revoked, where it counts all the same.
    package var unchecked: String?

    package init(_ decision: Decision, credentials: [Layer: CredentialID] = [:], unchecked: String? = nil) {
        self.decision = decision
        self.credentials = credentials
        self.unchecked = unchecked
    }

    /// Whoever it is may do anything: for a server with authentication switched off.
    package static let anyone = Authentication(
        .granted(
            Principal(name: "anyone", scopes: ["mcp:read", "mcp:write", "mcp:execute"], credential: .none), layers: [:]))

    package var principal: Principal? {
        if case .granted(let principal, _) = decision { principal } else { nil }
    }

    /// The audit record of a request with this outcome, before it is known what the request is about.
    package func record(of request: ServerRequest, at now: Date) -> AuditRecord {
        var record = AuditRecord(time: now, event: .request, decision: .allowed)
        record.requestID = request.id
        record.peer = request.peer
        for (_, credential) in credentials {
            record.note(Principal(name: "", scopes: [], credential: credential))
        }
        // Only an accepted token's scopes are known.
        record.scopes = nil
        switch decision {
        case .granted(let principal, let layers):
            record.principal = principal.name
            record.tenant = principal.tenant
            for (_, established) in layers { record.note(established) }
        case .denied(let refusal, let layer, let others):
            record.decision = .refused
            record.reason = refusal.reason
            record.detail = refusal.detail
            record.layer = layer
            for (_, established) in others { record.note(established) }
            // Named by a layer that accepted: a certificate says whose connection a bad token came over.
            record.principal = others.min { $0.key.rawValue < $1.key.rawValue }?.value.name
        }
        if case .by(let proxy, _) = request.forwarding {
            let detail = "by a proxy with the certificate \(proxy.serial)"
            record.detail = record.detail.map { "\($0), \(detail)" } ?? detail
        }
        if let unchecked {
            record.unchecked = "revocation"
            record.detail = record.detail.map { "\($0), \(unchecked)" } ?? unchecked
        }
        return record
    }
}
