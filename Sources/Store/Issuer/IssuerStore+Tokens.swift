import Auth
package import Foundation
import GRDB
import OAuth

extension IssuerStore {
    /// Remembers an issued token, and forgets a few that expired long ago, so that the table stays as small as an hour's tokens.
    package func record(_ token: TokenRecord) async throws {
        try await write { db in
            try db.cachedStatement(
                sql: """
                    DELETE FROM token WHERE hash IN
                        (SELECT hash FROM token WHERE expires_at < ? ORDER BY expires_at LIMIT 4)
                    """
            ).execute(arguments: [token.issuedAt.timeIntervalSince1970 - Self.memoryAfterExpiry])
            try db.cachedStatement(
                sql: """
                    INSERT INTO token (hash, jti, client_id, secret_id, scopes, audience, certificate_thumbprint, key_thumbprint,
                        issued_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                Data(token.hash), token.jti, token.clientID, token.secretID, token.scopes.description, token.audience,
                token.confirmation?.certificateThumbprint, token.confirmation?.keyThumbprint,
                token.issuedAt.timeIntervalSince1970, token.expiresAt.timeIntervalSince1970, token.revokedAt?.timeIntervalSince1970,
            ])
        }
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
                        client.certificate_name AS c_certificate_name, client.binding AS c_binding,
                        client_secret.id AS s_id, client_secret.hash AS s_hash, client_secret.created_at AS s_created_at,
                        client_secret.valid_until AS s_valid_until, client_secret.retired_at AS s_retired_at
                    FROM token JOIN client ON client.id = token.client_id LEFT JOIN client_secret ON client_secret.id = token.secret_id
                    WHERE token.hash = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [Data(hash)]) else { return nil }
            return TokenState(
                token: TokenRecord(row: row),
                client: ClientRecord(row: row, prefix: "c_"),
                secret: row["s_id"] == nil ? nil : ClientSecretRecord(row: row, prefix: "s_"))
        }
    }

    /// Revokes the token with that SHA-256; a token revoked before stays revoked since then.
    package func revokeToken(hash: [UInt8], now: Date) async throws {
        try await write { db in
            try db.cachedStatement(sql: "UPDATE token SET revoked_at = ? WHERE hash = ? AND revoked_at IS NULL")
                .execute(arguments: [now.timeIntervalSince1970, Data(hash)])
        }
    }

    /// Seconds that an expired token is still known, so that a clock set back a little does not make it unknown.
    private static let memoryAfterExpiry = 86_400.0
}
