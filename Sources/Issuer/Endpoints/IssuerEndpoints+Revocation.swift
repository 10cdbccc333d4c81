import Auth
import HTTPTypes
import Store

extension IssuerEndpoints {
    /// The revocation endpoint (RFC 7009). `token_type_hint` is not needed: there is one kind of token.
    func revoke(_ call: Call, _ record: inout AuditRecord) async throws -> IssuerAnswer {
        let caller = try await authenticate(call, &record)
        guard let token = call.form["token"] else { throw OAuthError.invalidRequest("token is missing") }
        let hash = ClientSecret.hash(Secret(token))
        let state = try await store.tokenState(hash: hash)
        record.jti = state?.token.jti
        switch parts.revocation(state, by: caller.client) {
        case .refuse(let refusal):
            throw OAuthError(.invalidGrant, "the token was not issued to this client", because: refusal.reason, detail: refusal.detail)
        case .revoke:
            try await store.revokeToken(hash: hash, now: call.now)
            record.detail = "token revoked"
        case .nothingToDo:
            record.detail = "no token to revoke"
        }
        var answer = IssuerAnswer(status: .ok)
        answer.headers[.cacheControl] = parts.tokenCacheControl
        return answer
    }
}
