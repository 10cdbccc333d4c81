import Auth
package import Foundation
import GRDB
import OAuth

extension IssuerStore {
    /// Remembers an issued token, and forgets a few that expired long ago, so that the table stays as small as an hour's tokens.
    package func record(_ token: TokenRecord) async throws {
        try await write { try Self.insert($0, token) }
    }

    /// What decides whether the token with that SHA-256 is active; nil: it was never issued, or is long expired.
    package func tokenState(hash: [UInt8]) async throws -> TokenState? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT token.*,
                        client.id AS c_id, client.scopes AS c_scopes, client.resources AS c_resources,
                        client.token_lifetime AS c_token_lifetime, client.may_introspect AS c_may_introspect,
                        client.created_at AS c_created_at, client.disabled_at AS c_disabled_at,
                        client.authentication AS c_authentication, client.jwks AS c_jwks,
                        client.certificate_name AS c_certificate_name, client.certificate_thumbprint AS c_certificate_thumbprint,
                        client.binding AS c_binding, client.name AS c_name, client.redirect_uris AS c_redirect_uris,
                        client.grant_types AS c_grant_types, client.origin AS c_origin, client.application_type AS c_application_type,
                        client_secret.id AS s_id, client_secret.hash AS s_hash, client_secret.created_at AS s_created_at,
                        client_secret.valid_until AS s_valid_until, client_secret.retired_at AS s_retired_at,
                        user_grant.id AS g_id, user_grant.client_id AS g_client_id, user_grant.user AS g_user,
                        user_grant.scopes AS g_scopes, user_grant.audience AS g_audience,
                        user_grant.certificate_thumbprint AS g_certificate_thumbprint, user_grant.key_thumbprint AS g_key_thumbprint,
                        user_grant.created_at AS g_created_at, user_grant.expires_at AS g_expires_at, user_grant.revoked_at AS g_revoked_at,
                        token.user IS NULL OR (user.name IS NOT NULL AND user.disabled_at IS NULL) AS u_enabled
                    FROM token JOIN client ON client.id = token.client_id LEFT JOIN client_secret ON client_secret.id = token.secret_id
                        LEFT JOIN user_grant ON user_grant.id = token.grant_id LEFT JOIN user ON user.name = token.user
                    WHERE token.hash = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [Data(hash)]) else { return nil }
            return TokenState(
                token: TokenRecord(row: row),
                client: ClientRecord(row: row, prefix: "c_"),
                secret: row["s_id"] == nil ? nil : ClientSecretRecord(row: row, prefix: "s_"),
                grant: row["g_id"] == nil ? nil : GrantRecord(row: row, prefix: "g_"),
                isUserEnabled: row["u_enabled"])
        }
    }

    /// Revokes the token with that SHA-256; a token revoked before stays revoked since then.
    package func revokeToken(hash: [UInt8], now: Date) async throws {
        try await write { db in
            try db.cachedStatement(sql: "UPDATE token SET revoked_at = ? WHERE hash = ? AND revoked_at IS NULL")
                .execute(arguments: [now.timeIntervalSince1970, Data(hash)])
        }
    }

    static func insert(_ db: Database, _ token: TokenRecord) throws {
        try db.cachedStatement(
            sql: "DELETE FROM token WHERE hash IN (SELECT hash FROM token WHERE expires_at < ? ORDER BY expires_at LIMIT 4)"
        ).execute(arguments: [token.issuedAt.timeIntervalSince1970 - memoryAfterExpiry])
        try db.cachedStatement(
            sql: """
                INSERT INTO token (hash, jti, client_id, secret_id, scopes, audience, certificate_thumbprint, key_thumbprint,
                    issued_at, expires_at, revoked_at, grant_id, user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            Data(token.hash), token.jti, token.clientID, token.secretID, token.scopes.description, token.audience,
            token.confirmation?.certificateThumbprint, token.confirmation?.keyThumbprint, token.issuedAt.timeIntervalSince1970,
            token.expiresAt.timeIntervalSince1970, token.revokedAt?.timeIntervalSince1970, token.grantID, token.user,
        ])
    }

    /// Seconds that what has expired is still known, so that a clock set back a little does not make it unknown.
    static let memoryAfterExpiry = 86_400.0
}
