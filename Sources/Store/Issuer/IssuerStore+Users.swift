package import Foundation
import GRDB

extension IssuerStore {
    /// Makes a user.
    ///
    /// - Throws: `userExists`.
    package func add(_ user: UserRecord) async throws {
        try await write { db in
            guard try Self.fetchUser(db, user.name) == nil else { throw IssuerStoreError.userExists(user.name) }
            try db.execute(
                sql: "INSERT INTO user (name, password_hash, created_at, disabled_at) VALUES (?, ?, ?, ?)",
                arguments: [
                    user.name, user.passwordHash, user.createdAt.timeIntervalSince1970, user.disabledAt?.timeIntervalSince1970,
                ])
        }
    }

    /// The user by that name, or nil.
    package func user(_ name: String) async throws -> UserRecord? {
        try await read { try Self.fetchUser($0, name) }
    }

    /// Every user, by name.
    package func users() async throws -> [UserRecord] {
        try await read { try Row.fetchAll($0, sql: "SELECT * FROM user ORDER BY name").map { UserRecord(row: $0) } }
    }

    /// Replaces the password, and ends every login that was made with the old one.
    ///
    /// - Throws: `noSuchUser`.
    package func setPassword(of name: String, hash: String) async throws {
        try await write { db in
            try db.execute(sql: "UPDATE user SET password_hash = ? WHERE name = ?", arguments: [hash, name])
            guard db.changesCount > 0 else { throw IssuerStoreError.noSuchUser(name) }
            try db.execute(sql: "DELETE FROM login WHERE user = ?", arguments: [name])
        }
    }

    /// Ends the user's logins, and lets him make no new ones. Disabling him again changes nothing.
    ///
    /// - Returns: When he was disabled.
    /// - Throws: `noSuchUser`.
    package func disableUser(_ name: String, now: Date) async throws -> Date {
        try await write { db in
            try db.execute(
                sql: "UPDATE user SET disabled_at = ? WHERE name = ? AND disabled_at IS NULL",
                arguments: [now.timeIntervalSince1970, name])
            try db.execute(sql: "DELETE FROM login WHERE user = ?", arguments: [name])
            return try (Self.fetchUser(db, name)?.disabledAt).unwrapped(or: IssuerStoreError.noSuchUser(name))
        }
    }

    /// Lets a disabled user log in again.
    ///
    /// - Throws: `noSuchUser`.
    package func enableUser(_ name: String) async throws {
        try await write { db in
            try db.execute(sql: "UPDATE user SET disabled_at = NULL WHERE name = ?", arguments: [name])
            guard db.changesCount > 0 else { throw IssuerStoreError.noSuchUser(name) }
        }
    }

    private static func fetchUser(_ db: Database, _ name: String) throws -> UserRecord? {
        try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM user WHERE name = ?"), arguments: [name]).map { UserRecord(row: $0) }
    }
}

extension UserRecord {
    init(row: Row) {
        self.init(
            name: row["name"],
            passwordHash: row["password_hash"],
            createdAt: Date(timeIntervalSince1970: row["created_at"]),
            disabledAt: Date(storedAs: row["disabled_at"]))
    }
}
