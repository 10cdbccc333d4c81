package import struct Foundation.Date

/// One line of the audit trail: who did what with which credential, and why it was allowed or not. Never a secret.
package struct AuditRecord: Sendable, Codable, Hashable {
    package enum Event: String, Sendable, Codable { case handshake, request, administration }
    package enum Outcome: String, Sendable, Codable { case allowed, refused }

    package var time: Date
    package var event: Event
    /// The value of the `X-Request-Id` field in the answer; nil for a handshake, which has none.
    package var requestID: String?
    /// The other end of the connection, as `127.0.0.1:54321`.
    package var peer: String?
    package var principal: String?
    /// Whose data it was about, where several customers' are held apart.
    package var tenant: String?
    package var keyID: String?
    package var tokenIssuer: String?
    package var jti: String?
    package var scopes: String?
    package var serial: String?
    package var thumbprint: String?
    package var tool: String?
    package var decision: Outcome
    package var reason: Reason?
    package var layer: Layer?
    package var detail: String?
    /// What should have been looked into and was not, where the operator declared that such callers come in all the same:
    /// `revocation`, while a responder is silent.
    package var unchecked: String?

    package init(time: Date, event: Event, decision: Outcome) {
        self.time = time
        self.event = event
        self.decision = decision
    }

    enum CodingKeys: String, CodingKey {
        case time, event, peer, principal, tenant, jti, scopes, serial, thumbprint, tool, decision, reason, layer, detail, unchecked
        case requestID = "request_id"
        case keyID = "key_id"
        case tokenIssuer = "token_issuer"
    }

    /// Notes which credential a principal came with; several layers add up in one record.
    package mutating func note(_ principal: Principal) {
        switch principal.credential {
        case .apiKey(let id): keyID = id
        case .token(let issuer, let id): (tokenIssuer, jti, scopes) = (issuer, id, principal.scopes.description)
        case .certificate(let number, let print): (serial, thumbprint) = (number, print)
        case .none: break
        }
    }
}
