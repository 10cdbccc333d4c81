import Auth
import Crypto
import Foundation
import HTTPTypes
import OAuth
import Store

extension IssuerEndpoints {
    /// The token endpoint with the client credentials grant (RFC 6749 section 4.4, RFC 8707 section 2).
    func token(_ call: Call, _ record: inout AuditRecord) async throws -> IssuerAnswer {
        let caller = try await authenticate(call, &record)
        guard let grantType = call.form["grant_type"] else { throw OAuthError.invalidRequest("grant_type is missing") }
        guard parts.grantTypes.contains(grantType) else {
            throw OAuthError(.unsupportedGrantType, "the grant type is not supported", because: .type)
        }
        let confirmation = try await confirmation(call, of: caller.client)
        let grant = Grant(
            issuer: issuer,
            client: caller.client,
            secretID: caller.secret?.id,
            scopes: try parts.scope(call.form["scope"], for: caller.client),
            audience: try parts.resource(call.form.all("resource"), for: caller.client),
            confirmation: confirmation,
            issuedAt: Date(timeIntervalSince1970: call.now.timeIntervalSince1970.rounded(.down)),
            lifetime: parts.lifetime(for: caller.client),
            jti: SymmetricKey(size: .bits128).withUnsafeBytes { Base64URL.encode($0) })
        guard let key = parts.signingKey(try await store.signingKeys(at: call.now)) else { throw NoSigningKey() }
        let token = Secret(try parts.signer(parts.claims(grant), with: try await keyRing.key(key)))
        try await store.record(
            TokenRecord(
                hash: ClientSecret.hash(token), jti: grant.jti, clientID: grant.client.id, secretID: grant.secretID,
                scopes: grant.scopes, audience: grant.audience, confirmation: grant.confirmation, issuedAt: grant.issuedAt,
                expiresAt: grant.expiresAt))
        record.tokenIssuer = issuer
        record.jti = grant.jti
        record.scopes = grant.scopes.description
        record.detail = "token for \(grant.audience)"
        var answer = try IssuerAnswer.json(parts.tokenAnswer(grant, token), cacheControl: parts.tokenCacheControl)
        if confirmation?.keyThumbprint != nil { answer.headers[.dpopNonce] = parts.nonces?.current(at: call.now) }
        return answer
    }
}
