import Auth
import Foundation
import OAuth
import Store

extension IssuerEndpoints {
    /// The refresh token grant (RFC 6749 section 6), with a new refresh token each time (RFC 9700 section 4.14.2).
    func refresh(
        _ call: Call, _ caller: Caller, _ confirmation: Confirmation?, _ record: inout AuditRecord
    ) async throws -> IssuerAnswer {
        guard let presented = call.form["refresh_token"].map({ Secret($0) }) else {
            throw OAuthError.invalidRequest("refresh_token is missing")
        }
        let hash = ClientSecret.hash(presented)
        let known = try await store.refreshState(hash: hash)
        var evidence = RefreshEvidence(
            state: known, user: try await user(known?.grant.user), client: caller.client, scope: call.form["scope"],
            resources: call.form.all("resource"), confirmation: confirmation)
        if let objection = await parts.refreshes.objection(to: &evidence, at: call.now) {
            throw Self.error(objection.refusal, of: "refresh token")
        }
        guard let state = evidence.state else {
            throw Self.error(Refusal(.unknown, "there is no such refresh token"), of: "refresh token")
        }
        // The client, or what the issuer serves, may have changed since the user consented.
        let audience = try parts.resource([state.grant.audience], for: caller.client)
        var grant = decide(caller, scopes: evidence.granted ?? state.grant.scopes, audience: audience, confirmation, at: call.now)
        (grant.user, grant.grantID) = (state.grant.user, state.grant.id)
        try await use(caller.unusedProof, at: call.now)
        let (token, issued) = try await issue(grant, at: call.now)
        let next = parts.successor(presented, state.token.successorKey)
        let successor = self.record(of: next, generation: state.token.generation + 1, grant: state.grant.id, at: call.now)
        let use = try await store.rotate(refresh: hash, to: successor, access: issued, now: call.now) { [parts] in
            parts.refreshUse($0, at: call.now)
        }
        switch use {
        case .rotate, .again: return try answer(grant, token, parts.toldRefreshToken(presented, next), &record)
        case .revoke: throw Self.error(Refusal(.replayed, "the refresh token was used before: its grant ends"), of: "refresh token")
        case .refuse: throw Self.error(Refusal(.revoked, "the grant was revoked"), of: "refresh token")
        }
    }

    func user(_ name: String?) async throws -> UserRecord? {
        guard let name else { return nil }
        return try await store.user(name)
    }

    /// What is kept of a refresh token.
    func record(of token: Secret<String>, generation: Int, grant: String, at now: Date) -> RefreshTokenRecord {
        RefreshTokenRecord(
            hash: ClientSecret.hash(token), grantID: grant, generation: generation, successorKey: RefreshToken.successorKey(),
            issuedAt: now, expiresAt: now.addingTimeInterval(Double(parts.refreshLifetime)))
    }
}
