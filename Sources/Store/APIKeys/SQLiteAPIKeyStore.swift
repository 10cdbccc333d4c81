package import Auth
package import Foundation
import GRDB

/// The API keys of a deployment, in one SQLite file for all of its processes. A revocation counts for the next read anywhere.
package struct SQLiteAPIKeyStore: APIKeyStore {
    /// 90 days.
    package static let defaultLifetime: TimeInterval = 90 * 86400

    /// The longest life a key can be issued with, in seconds.
    package let maximumLifetime: TimeInterval
    private let file: StoreFile

    /// Opens the store, or makes it with mode 0600.
    /// - Throws: ``StoreError``.
    package init(path: String, maximumLifetime: TimeInterval = defaultLifetime) throws {
        self.maximumLifetime = maximumLifetime
        file = try StoreFile(path: path, schema: APIKeyRow.schema)
    }

    package func record(id: String) async throws -> APIKeyRecord? {
        try await file.read { try Self.find(id, in: $0) }
    }

    /// All keys, the oldest first.
    /// - Throws: ``StoreError``.
    package func list() async throws -> [APIKeyRecord] {
        try await file.read { database in
            try APIKeyRow.fetchAll(database, sql: "SELECT * FROM api_keys ORDER BY created_at, id").map(\.record)
        }
    }

    /// Makes a key for a principal, beside those it has.
    /// - Parameter lifetime: In seconds; nil for the store's maximum.
    /// - Throws: ``StoreError``, or ``APIKeyStoreError`` for names and lifetimes that are not allowed.
    package func issue(
        principal: String, tenant: String? = nil, scopes: ScopeSet, environment: String, lifetime: TimeInterval? = nil, at now: Date
    ) async throws -> IssuedAPIKey {
        guard APIKey.isEnvironment(environment) else { throw APIKeyStoreError.environment(environment) }
        guard Self.isName(principal), tenant.map(Self.isName) ?? true else { throw APIKeyStoreError.principal }
        let expiry = now + (try allowed(lifetime ?? maximumLifetime))
        let key = APIKey(generatingFor: environment)
        let record = APIKeyRecord(key: key, principal: principal, tenant: tenant, scopes: scopes, createdAt: now, expiresAt: expiry)
        try await file.write { try APIKeyRow(record).insert($0) }
        return IssuedAPIKey(key: key, record: record)
    }

    /// Makes a successor with the same principal, tenant, scopes and environment; the old key ends with the overlap, or earlier if it
    /// would have anyway.
    /// - Parameters:
    ///   - overlap: For how many seconds both count; zero ends the old one at once.
    ///   - lifetime: Of the new key, in seconds; nil for that of the old one.
    /// - Throws: ``StoreError``, or ``APIKeyStoreError`` for a key that cannot be rotated any more.
    package func rotate(id: String, overlap: TimeInterval, lifetime: TimeInterval? = nil, at now: Date) async throws -> RotatedAPIKey {
        guard overlap >= 0 else { throw APIKeyStoreError.negativeOverlap }
        let given = try lifetime.map(allowed)
        return try await file.write { [maximumLifetime] database in
            guard var old = try Self.find(id, in: database) else { throw APIKeyStoreError.noSuchKey(id: id) }
            guard old.revokedAt == nil else { throw APIKeyStoreError.revoked(id: id) }
            guard now < old.expiresAt else { throw APIKeyStoreError.expired(id: id) }
            if let successor = old.replacedBy { throw APIKeyStoreError.replaced(id: id, by: successor) }
            let key = APIKey(generatingFor: old.environment)
            let lifetime = given ?? min(old.expiresAt.timeIntervalSince(old.createdAt), maximumLifetime)
            let record = APIKeyRecord(
                key: key, principal: old.principal, tenant: old.tenant, scopes: old.scopes, createdAt: now, expiresAt: now + lifetime)
            try APIKeyRow(record).insert(database)
            old.replacedBy = record.id
            old.expiresAt = min(old.expiresAt, now + overlap)
            try APIKeyRow(old).update(database)
            return RotatedAPIKey(issued: IssuedAPIKey(key: key, record: record), replaced: old)
        }
    }

    /// Ends a key for good. Doing it again changes nothing, and gives the time of the first.
    /// - Returns: The key as it stands, with `revokedAt` set.
    /// - Throws: ``StoreError``, or ``APIKeyStoreError/noSuchKey(id:)``.
    package func revoke(id: String, at now: Date) async throws -> APIKeyRecord {
        try await file.write { database in
            guard var record = try Self.find(id, in: database) else { throw APIKeyStoreError.noSuchKey(id: id) }
            if record.revokedAt == nil {
                record.revokedAt = now
                try APIKeyRow(record).update(database)
            }
            return record
        }
    }

    private static func find(_ id: String, in database: Database) throws -> APIKeyRecord? {
        // A prepared statement: this is read on every request.
        let statement = try database.cachedStatement(sql: "SELECT * FROM api_keys WHERE id = ?")
        return try APIKeyRow.fetchOne(statement, arguments: [id])?.record
    }

    private func allowed(_ lifetime: TimeInterval) throws -> TimeInterval {
        guard lifetime > 0, lifetime <= maximumLifetime else { throw APIKeyStoreError.lifetime(maximumDays: maximumLifetime / 86400) }
        return lifetime
    }

    /// Names end up in logs and answers, a line each.
    private static func isName(_ name: String) -> Bool {
        (1...256).contains(name.utf8.count) && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
