import Auth
import HTTPTypes
import Store

extension IssuerEndpoints {
    /// The revocation endpoint (RFC 7009), for access and refresh tokens.
    func revoke(_ call: Call, _ record: inout AuditRecord) async throws -> IssuerAnswer {
        let caller = try await authenticate(call, &record)
        guard let token = call.form["token"] else { throw OAuthError.invalidRequest("token is missing") }
        let hash = ClientSecret.hash(Secret(token))
        let issued = try await issuedToken(hash)
        if case .access(let state)? = issued { record.jti = state.token.jti }
        switch parts.revocation(issued, by: caller.client) {
        case .refuse(let refusal):
            throw OAuthError(.invalidGrant, "the token was not issued to this client", because: refusal.reason, detail: refusal.detail)
        case .revoke:
            try await store.revokeToken(hash: hash, now: call.now)
            record.detail = "token revoked"
        case .revokeGrant(let id):
            _ = try await store.revokeGrant(id, now: call.now)
            record.detail = "grant \(id) revoked"
        case .nothingToDo:
            record.detail = "no token to revoke"
        }
        var answer = IssuerAnswer(status: .ok)
        answer.headers[.cacheControl] = parts.tokenCacheControl
        return answer
    }

    private func issuedToken(_ hash: [UInt8]) async throws -> IssuedToken? {
        if let state = try await store.tokenState(hash: hash) { return .access(state) }
        return try await store.refreshState(hash: hash).map { .refresh($0) }
    }
}
