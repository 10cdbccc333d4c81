import Auth
import Foundation
import OAuth
import Store

extension IssuerEndpoints {
    /// The authorization code grant (RFC 6749 section 4.1.3, RFC 7636 section 4.6, RFC 8707 section 2.2).
    func redeem(
        _ call: Call, _ caller: Caller, _ confirmation: Confirmation?, _ record: inout AuditRecord
    ) async throws -> IssuerAnswer {
        guard let text = call.form["code"] else { throw OAuthError.invalidRequest("code is missing") }
        let hash = ClientSecret.hash(Secret(text))
        let known = try await store.code(hash: hash)
        var evidence = CodeEvidence(
            code: known, user: try await user(known?.user), client: caller.client, redirectURI: call.form["redirect_uri"],
            verifier: call.form["code_verifier"].map { Secret($0) }, resources: call.form.all("resource"),
            keyThumbprint: confirmation?.keyThumbprint)
        if let objection = await parts.codes.objection(to: &evidence, at: call.now) {
            throw Self.error(objection.refusal, of: "code")
        }
        guard let code = evidence.code else { throw Self.error(Refusal(.unknown, "there is no such code"), of: "code") }
        // The client, or what the issuer serves, may have changed since the user consented.
        let audience = try parts.resource([code.audience], for: caller.client)
        var grant = decide(caller, scopes: code.scopes, audience: audience, confirmation, at: call.now)
        let id = Self.identifier()
        (grant.user, grant.grantID) = (code.user, id)
        try await use(caller.unusedProof, at: call.now)
        let (token, issued) = try await issue(grant, at: call.now)
        let refresh = caller.client.grantTypes.contains(GrantType.refreshToken.rawValue) ? RefreshToken.generate() : nil
        let first = refresh.map { self.record(of: $0, generation: 1, grant: id, at: call.now) }
        let redemption = IssuerStore.Redemption(
            grant: GrantRecord(
                id: id, clientID: caller.client.id, user: code.user, scopes: code.scopes, audience: audience,
                // A client that proves itself otherwise may change its key (RFC 9449 section 5).
                confirmation: caller.client.authentication == .none ? confirmation : nil,
                createdAt: call.now, expiresAt: max(grant.expiresAt, first?.expiresAt ?? grant.expiresAt)),
            access: issued, refresh: first)
        let use = try await store.redeem(code: hash, for: redemption, now: call.now) { [parts] in parts.codeUse($0) }
        guard use == .redeem else {
            let detail = "the code was redeemed before" + (use == .revoke ? ": what it was redeemed for ends" : "")
            throw Self.error(Refusal(.replayed, detail), of: "code")
        }
        return try answer(grant, token, refresh, &record)
    }
}
