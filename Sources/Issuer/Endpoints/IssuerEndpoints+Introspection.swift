import Auth
import Store

extension IssuerEndpoints {
    /// The introspection endpoint (RFC 7662). It knows access tokens only: who asks is a resource server, and must never take a
    /// refresh token for one.
    func introspect(_ call: Call, _ record: inout AuditRecord) async throws -> IssuerAnswer {
        let asker = try await verify(call, parts.introspectors, &record).registration?.client
        guard let token = call.form["token"] else { throw OAuthError.invalidRequest("token is missing") }
        let state = try await store.tokenState(hash: ClientSecret.hash(Secret(token)))
        record.jti = state?.token.jti
        let description: any Encodable & Sendable
        switch await parts.activity.verify(TokenEvidence(state: state, asker: asker), at: call.now) {
        case .refused(let refusal, _):
            record.reason = refusal.reason
            record.detail = "inactive: \(refusal.detail)"
            description = parts.inactive(state, refusal)
        case .passed(let evidence):
            record.detail = "active"
            description = evidence.state.map { TokenDescription.active(issuer: issuer, $0.token) } ?? TokenDescription.inactive
        }
        return try .json(description, cacheControl: parts.tokenCacheControl)
    }
}
