import Auth
import Crypto
import Foundation
import HTTPTypes
import OAuth
import Serving
import Store

extension IssuerEndpoints {
    /// The token endpoint (RFC 6749 section 3.2).
    func token(_ call: Call, _ record: inout AuditRecord) async throws -> IssuerAnswer {
        var caller = try await authenticate(call, &record)
        guard let requested = call.form["grant_type"] else { throw OAuthError.invalidRequest("grant_type is missing") }
        let type = try parts.grantType(requested, for: caller.client)
        let confirmation = try await confirmation(call, of: &caller)
        var answer =
            switch type {
            case .clientCredentials: try await clientCredentials(call, caller, confirmation, &record)
            case .authorizationCode: try await redeem(call, caller, confirmation, &record)
            case .refreshToken: try await refresh(call, caller, confirmation, &record)
            }
        if confirmation?.keyThumbprint != nil { answer.headers[.dpopNonce] = parts.nonces?.current(at: call.now) }
        return answer
    }

    /// The client credentials grant (RFC 6749 section 4.4, RFC 8707 section 2).
    private func clientCredentials(
        _ call: Call, _ caller: Caller, _ confirmation: Confirmation?, _ record: inout AuditRecord
    ) async throws -> IssuerAnswer {
        let grant = decide(
            caller, scopes: try parts.scope(call.form["scope"], for: caller.client),
            audience: try parts.resource(call.form.all("resource"), for: caller.client), confirmation, at: call.now)
        try await use(caller.unusedProof, at: call.now)
        let (token, issued) = try await issue(grant, at: call.now)
        try await store.record(issued)
        return try answer(grant, token, nil, &record)
    }

    /// A token as it is decided on, for what was found out about the request.
    func decide(_ caller: Caller, scopes: ScopeSet, audience: String, _ confirmation: Confirmation?, at now: Date) -> Grant {
        Grant(
            issuer: issuer, client: caller.client, secretID: caller.secret?.id, scopes: scopes, audience: audience,
            confirmation: confirmation, issuedAt: Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down)),
            lifetime: parts.lifetime(for: caller.client), jti: Self.identifier())
    }

    /// 128 random bits as base64url.
    static func identifier() -> String { SymmetricKey(size: .bits128).withUnsafeBytes { Base64URL.encode($0) } }

    /// Makes the token, which counts once its record is in the store.
    func issue(_ grant: Grant, at now: Date) async throws -> (token: Secret<String>, record: TokenRecord) {
        guard let key = parts.signingKey(try await store.signingKeys(at: now)) else { throw NoSigningKey() }
        let token = Secret(try parts.signer(parts.claims(grant), with: try await keyRing.key(key)))
        let record = TokenRecord(
            hash: ClientSecret.hash(token), jti: grant.jti, clientID: grant.client.id, secretID: grant.secretID,
            scopes: grant.scopes, audience: grant.audience, confirmation: grant.confirmation, issuedAt: grant.issuedAt,
            expiresAt: grant.expiresAt, grantID: grant.grantID, user: grant.user)
        return (token, record)
    }

    /// The answer that brings the token, and its note on the audit trail.
    func answer(
        _ grant: Grant, _ token: Secret<String>, _ refresh: Secret<String>?, _ record: inout AuditRecord
    ) throws -> IssuerAnswer {
        record.tokenIssuer = issuer
        record.jti = grant.jti
        record.scopes = grant.scopes.description
        record.detail = "token for \(grant.audience)" + (grant.user.map { ", of user \($0), grant \(grant.grantID ?? "")" } ?? "")
        var answer = parts.tokenAnswer(grant, token)
        answer.refreshToken = refresh ?? answer.refreshToken
        return try IssuerAnswer.json(answer, cacheControl: parts.tokenCacheControl)
    }

    /// How a refusal of a code or a refresh token is told. Why it is worth nothing stays between the issuer and its audit trail.
    static func error(_ refusal: Refusal, of thing: String) -> OAuthError {
        switch refusal.reason {
        case .missing, .malformed:
            .invalidRequest("code_verifier is missing, or does not have 43 to 128 unreserved characters", because: refusal.reason)
        case .audience:
            OAuthError(.invalidTarget, "the resource is not that of the grant", because: .audience, detail: refusal.detail)
        case .scope:
            OAuthError(.invalidScope, "the scope exceeds what was granted", because: .scope, detail: refusal.detail)
        default:
            OAuthError(
                .invalidGrant, "the \(thing) is invalid, expired, revoked or was issued to another client", because: refusal.reason,
                detail: refusal.detail)
        }
    }
}
