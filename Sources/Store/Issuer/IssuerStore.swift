import GRDB

/// What the token issuer must not forget: clients, hashes of their secrets, signing keys, tokens and revocations.
///
/// Several processes may use one store: each operation reads and writes the file, and nothing is cached, so that a change
/// is seen by all at once. What an operation has acknowledged survives a kill and a power cut (`synchronous = FULL`).
package struct IssuerStore: Sendable {
    package let path: String
    let pool: DatabasePool

    /// Opens the store, and makes it when there is none.
    ///
    /// - Throws: `IssuerStoreError.unusable`.
    package init(path: String) throws {
        self.path = path
        do {
            pool = try StoreFile.open(path)
            try Self.migrate(pool)
        } catch let error as DatabaseError {
            throw IssuerStoreError.unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        } catch let error as StoreError {
            throw IssuerStoreError.unusable(path: path, reason: error.reason)
        }
    }

    /// Brings the file up to the newest version. Of two processes that find the same version missing the second one fails, and finds it
    /// there when it looks again.
    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = migrator
        for _ in migrator.migrations {
            do {
                return try migrator.migrate(pool)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
                continue
            }
        }
        try migrator.migrate(pool)
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw IssuerStoreError.unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.write(body)
        } catch let error as DatabaseError {
            throw IssuerStoreError.unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }
}
