import Auth
package import Foundation
import GRDB
import OAuth

extension IssuerStore {
    /// The grant by that identifier; nil: there is none, or it is long over.
    package func grant(_ id: String) async throws -> GrantRecord? {
        try await read { db in
            try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM user_grant WHERE id = ?"), arguments: [id])
                .map { GrantRecord(row: $0) }
        }
    }

    /// What a user granted, or everybody, the oldest first; revoked grants too, as long as they are known.
    package func grants(user: String? = nil) async throws -> [GrantRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM user_grant WHERE ?1 IS NULL OR user = ?1 ORDER BY created_at, id", arguments: [user]
            ).map { GrantRecord(row: $0) }
        }
    }

    /// Ends a grant and every token of it.
    ///
    /// - Returns: Whether it had not ended before.
    /// - Throws: `noSuchGrant`.
    package func revokeGrant(_ id: String, now: Date) async throws -> Bool {
        try await write { db in
            if try Self.revoke(db, grant: id, at: now) { return true }
            guard try Row.fetchOne(db, sql: "SELECT 1 FROM user_grant WHERE id = ?", arguments: [id]) != nil else {
                throw IssuerStoreError.noSuchGrant(id)
            }
            return false
        }
    }

    /// Ends what a user granted to a client, or to all of them, and codes that are not redeemed yet.
    ///
    /// - Returns: How many grants had not ended before.
    package func revokeGrants(user: String, client: String? = nil, now: Date) async throws -> Int {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM code WHERE user = ?1 AND (?2 IS NULL OR client_id = ?2) AND redeemed_at IS NULL",
                arguments: [user, client])
            try db.execute(
                sql: """
                    UPDATE user_grant SET revoked_at = ?3 WHERE user = ?1 AND (?2 IS NULL OR client_id = ?2) AND revoked_at IS NULL
                    """,
                arguments: [user, client, now.timeIntervalSince1970])
            return db.changesCount
        }
    }

    static func revoke(_ db: Database, grant id: String, at now: Date) throws -> Bool {
        try db.cachedStatement(sql: "UPDATE user_grant SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
            .execute(arguments: [now.timeIntervalSince1970, id])
        return db.changesCount > 0
    }

    /// Adds a grant, and forgets a few whose last token ended long ago, with all that came from them.
    static func insert(_ db: Database, _ grant: GrantRecord) throws {
        try db.cachedStatement(
            sql: "DELETE FROM user_grant WHERE id IN (SELECT id FROM user_grant WHERE expires_at < ? ORDER BY expires_at LIMIT 4)"
        ).execute(arguments: [grant.createdAt.timeIntervalSince1970 - memoryAfterExpiry])
        try db.cachedStatement(
            sql: """
                INSERT INTO user_grant (id, client_id, user, scopes, audience, certificate_thumbprint, key_thumbprint, created_at,
                    expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            grant.id, grant.clientID, grant.user, grant.scopes.description, grant.audience, grant.confirmation?.certificateThumbprint,
            grant.confirmation?.keyThumbprint, grant.createdAt.timeIntervalSince1970, grant.expiresAt.timeIntervalSince1970,
            grant.revokedAt?.timeIntervalSince1970,
        ])
    }
}
