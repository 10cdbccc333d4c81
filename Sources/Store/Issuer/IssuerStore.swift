import Foundation
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
            try Self.createPrivately(path)
            var configuration = GRDB.Configuration()
            configuration.label = "issuer"
            // Another process may be writing; its transactions take milliseconds.
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA foreign_keys = ON") }
            pool = try DatabasePool(path: path, configuration: configuration)
            // After opening, because a pool sets NORMAL when it switches to a write-ahead log.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.migrator.migrate(pool)
        } catch let error as DatabaseError {
            throw IssuerStoreError.unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    /// The store holds private keys: an empty file readable by its owner only, which SQLite then fills. Its log inherits the mode.
    private static func createPrivately(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw IssuerStoreError.unusable(path: path, reason: "the file cannot be created")
        }
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
