import Auth
package import Foundation
import GRDB

extension IssuerStore {
    /// The keys that may be published, newest first: the one that signs, and those whose overlap has not ended.
    package func signingKeys(at now: Date) async throws -> [SigningKeyRecord] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT * FROM signing_key WHERE published_until IS NULL OR published_until > ? ORDER BY sequence DESC")
            return try Row.fetchAll(statement, arguments: [now.timeIntervalSince1970]).map { SigningKeyRecord(row: $0) }
        }
    }

    /// Every key there ever was, newest first.
    package func allSigningKeys() async throws -> [SigningKeyRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM signing_key ORDER BY sequence DESC").map { SigningKeyRecord(row: $0) }
        }
    }

    /// Makes `key` the one that signs, and lets those before it be published until the overlap ends.
    ///
    /// - Returns: The identifiers of the keys that signed or were published until now, newest first.
    package func rotateSigningKey(to key: SigningKeyRecord, overlapEnd: Date, now: Date) async throws -> [String] {
        try await write { db in
            let end = overlapEnd.timeIntervalSince1970
            let retired = try String.fetchAll(
                db, sql: "SELECT kid FROM signing_key WHERE published_until IS NULL OR published_until > ? ORDER BY sequence DESC",
                arguments: [now.timeIntervalSince1970])
            try db.execute(
                sql: "UPDATE signing_key SET published_until = ?1 WHERE published_until IS NULL OR published_until > ?1",
                arguments: [end])
            try Self.insert(db, key)
            return retired
        }
    }

    /// Adds the key only when there is none that signs, as at the first start; two processes starting at once agree on one.
    package func addSigningKeyIfNone(_ key: SigningKeyRecord) async throws {
        try await write { db in
            guard try Row.fetchOne(db, sql: "SELECT 1 FROM signing_key WHERE published_until IS NULL") == nil else { return }
            try Self.insert(db, key)
        }
    }

    private static func insert(_ db: Database, _ key: SigningKeyRecord) throws {
        try db.execute(
            sql: "INSERT INTO signing_key (kid, algorithm, private_key, created_at, published_until) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                key.kid, key.algorithm, key.privateKey.reveal(), key.createdAt.timeIntervalSince1970,
                key.publishedUntil?.timeIntervalSince1970,
            ])
    }
}
