import Auth
package import Foundation
import GRDB
import OAuth

extension IssuerStore {
    /// What decides on the refresh token with that SHA-256; nil: it was never issued, or is long expired.
    package func refreshState(hash: [UInt8]) async throws -> RefreshState? {
        try await read { try Self.fetchRefreshState($0, hash) }
    }

    /// Exchanges a refresh token for its successor and an access token, in one transaction.
    ///
    /// - Parameters:
    ///   - successor: The next generation, which is added unless it is there already.
    ///   - decide: What becomes of the token as it stands then.
    /// - Returns: What became of it; `refuse` also where there is no such token any more.
    package func rotate(
        refresh hash: [UInt8], to successor: RefreshTokenRecord, access: TokenRecord, now: Date,
        deciding decide: @escaping @Sendable (RefreshState) -> RefreshUse
    ) async throws -> RefreshUse {
        try await write { db in
            guard let state = try Self.fetchRefreshState(db, hash) else { return .refuse }
            let use = decide(state)
            switch use {
            case .rotate:
                try db.cachedStatement(sql: "UPDATE refresh_token SET used_at = ? WHERE hash = ?")
                    .execute(arguments: [now.timeIntervalSince1970, Data(hash)])
                try Self.insert(db, successor)
                try Self.insert(db, access)
                try Self.extend(db, grant: state.grant.id, until: max(successor.expiresAt, access.expiresAt))
            case .again:
                try Self.insert(db, access)
                try Self.extend(db, grant: state.grant.id, until: access.expiresAt)
            case .revoke:
                _ = try Self.revoke(db, grant: state.grant.id, at: now)
            case .refuse: break
            }
            return use
        }
    }

    /// Adds a refresh token, and forgets a few that expired long ago.
    static func insert(_ db: Database, _ token: RefreshTokenRecord) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM refresh_token WHERE hash IN
                    (SELECT hash FROM refresh_token WHERE expires_at < ? ORDER BY expires_at LIMIT 4)
                """
        ).execute(arguments: [token.issuedAt.timeIntervalSince1970 - memoryAfterExpiry])
        try db.cachedStatement(
            sql: """
                INSERT INTO refresh_token (hash, grant_id, generation, successor_key, issued_at, expires_at, used_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            Data(token.hash), token.grantID, token.generation, Data(token.successorKey.reveal()), token.issuedAt.timeIntervalSince1970,
            token.expiresAt.timeIntervalSince1970, token.usedAt?.timeIntervalSince1970,
        ])
    }

    private static func extend(_ db: Database, grant id: String, until end: Date) throws {
        try db.cachedStatement(sql: "UPDATE user_grant SET expires_at = max(expires_at, ?) WHERE id = ?")
            .execute(arguments: [end.timeIntervalSince1970, id])
    }

    private static func fetchRefreshState(_ db: Database, _ hash: [UInt8]) throws -> RefreshState? {
        let find = try db.cachedStatement(sql: "SELECT * FROM refresh_token WHERE hash = ?")
        guard let token = try Row.fetchOne(find, arguments: [Data(hash)]).map({ RefreshTokenRecord(row: $0) }) else { return nil }
        let next = try db.cachedStatement(sql: "SELECT * FROM refresh_token WHERE grant_id = ? AND generation = ?")
        let grant = try db.cachedStatement(sql: "SELECT * FROM user_grant WHERE id = ?")
        guard let grant = try Row.fetchOne(grant, arguments: [token.grantID]).map({ GrantRecord(row: $0) }) else { return nil }
        return RefreshState(
            token: token,
            successor: try Row.fetchOne(next, arguments: [token.grantID, token.generation + 1]).map { RefreshTokenRecord(row: $0) },
            grant: grant)
    }
}
