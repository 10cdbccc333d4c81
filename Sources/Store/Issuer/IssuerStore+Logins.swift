package import Foundation
import GRDB

extension IssuerStore {
    /// Remembers a login, and forgets those that have ended.
    package func add(_ login: LoginRecord) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM login WHERE expires_at <= ?", arguments: [login.createdAt.timeIntervalSince1970])
            try db.execute(
                sql: "INSERT INTO login (hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)",
                arguments: [
                    Data(login.hash), login.user, login.createdAt.timeIntervalSince1970, login.expiresAt.timeIntervalSince1970,
                ])
        }
    }

    /// The login with that hash, while it lasts and its user is not disabled.
    package func login(hash: [UInt8], now: Date) async throws -> LoginRecord? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT login.* FROM login JOIN user ON user.name = login.user
                    WHERE login.hash = ? AND login.expires_at > ? AND user.disabled_at IS NULL
                    """)
            return try Row.fetchOne(statement, arguments: [Data(hash), now.timeIntervalSince1970]).map { row in
                let hash: Data = row["hash"]
                return LoginRecord(
                    hash: Array(hash), user: row["user"], createdAt: Date(timeIntervalSince1970: row["created_at"]),
                    expiresAt: Date(timeIntervalSince1970: row["expires_at"]))
            }
        }
    }

    /// Ends one login.
    package func endLogin(hash: [UInt8]) async throws {
        try await write { try $0.execute(sql: "DELETE FROM login WHERE hash = ?", arguments: [Data(hash)]) }
    }
}
