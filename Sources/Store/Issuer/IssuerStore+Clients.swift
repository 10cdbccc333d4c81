import Auth
package import Foundation
import GRDB
import OAuth

extension IssuerStore {
    /// Registers a client, with its first secret if it has one.
    ///
    /// - Parameter hash: SHA-256 of the secret.
    /// - Throws: `clientExists`.
    package func add(_ client: ClientRecord, secretHash hash: [UInt8]?) async throws {
        try await write { db in
            guard try Row.fetchOne(db, sql: "SELECT 1 FROM client WHERE id = ?", arguments: [client.id]) == nil else {
                throw IssuerStoreError.clientExists(client.id)
            }
            try Self.insert(db, client)
            if let hash { try Self.insertSecret(db, client: client.id, hash: hash, at: client.createdAt) }
        }
    }

    /// Adds a client that nobody registered, or brings it up to what it says of itself now; since when it exists, and whether
    /// the operator disabled it, stays.
    ///
    /// - Throws: `clientExists` for a client that came here in another way.
    package func replaceClient(_ client: ClientRecord) async throws {
        try await write { db in
            guard let before = try Self.fetchRegistration(db, client.id)?.client else { return try Self.insert(db, client) }
            guard before.origin == client.origin else { throw IssuerStoreError.clientExists(client.id) }
            var columns = client.columns
            for fixed in ["id", "created_at", "disabled_at"] { columns.removeValue(forKey: fixed) }
            let names = columns.keys.sorted()
            try db.execute(
                sql: "UPDATE client SET \(names.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?",
                arguments: StatementArguments(names.map { columns[$0] ?? nil } + [client.id]))
        }
    }

    /// The client by that identifier with all its secrets, or nil.
    package func registration(_ id: String) async throws -> ClientRegistration? {
        try await read { try Self.fetchRegistration($0, id) }
    }

    /// Every client, by identifier.
    package func registrations() async throws -> [ClientRegistration] {
        try await read { db in
            let ids = try String.fetchAll(db, sql: "SELECT id FROM client ORDER BY id")
            return try ids.compactMap { try Self.fetchRegistration(db, $0) }
        }
    }

    /// Gives the client a new secret beside the old ones, which end no later than the overlap does.
    ///
    /// - Parameter overlapEnd: Not before `now`.
    /// - Throws: `noSuchClient`.
    package func rotateSecret(of id: String, newHash hash: [UInt8], overlapEnd: Date, now: Date) async throws -> ClientRegistration {
        try await write { db in
            guard let before = try Self.fetchRegistration(db, id) else { throw IssuerStoreError.noSuchClient(id) }
            guard before.client.authentication == .secret else { throw IssuerStoreError.hasNoSecrets(id) }
            let end = overlapEnd.timeIntervalSince1970
            try db.execute(
                sql: "UPDATE client_secret SET valid_until = ?1 WHERE client_id = ?2 AND (valid_until IS NULL OR valid_until > ?1)",
                arguments: [end, id])
            try Self.insertSecret(db, client: id, hash: hash, at: now)
            return try Self.fetchRegistration(db, id).unwrapped(or: IssuerStoreError.noSuchClient(id))
        }
    }

    /// Withdraws every secret but the newest, and with them the tokens they obtained.
    ///
    /// - Returns: How many secrets were withdrawn, at least one.
    /// - Throws: `noSuchClient`, `nothingToRetire`.
    package func retireSecrets(of id: String, now: Date) async throws -> Int {
        try await write { db in
            guard try Self.fetchRegistration(db, id) != nil else { throw IssuerStoreError.noSuchClient(id) }
            try db.execute(
                sql: """
                    UPDATE client_secret SET retired_at = ?1 WHERE client_id = ?2 AND retired_at IS NULL
                        AND id < (SELECT max(id) FROM client_secret WHERE client_id = ?2)
                    """,
                arguments: [now.timeIntervalSince1970, id])
            guard db.changesCount > 0 else { throw IssuerStoreError.nothingToRetire(id) }
            return db.changesCount
        }
    }

    /// Ends the client: no new tokens, and those it has become inactive. Disabling it again changes nothing.
    ///
    /// - Returns: When it was disabled.
    /// - Throws: `noSuchClient`.
    package func disable(_ id: String, now: Date) async throws -> Date {
        try await write { db in
            try db.execute(
                sql: "UPDATE client SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL",
                arguments: [now.timeIntervalSince1970, id])
            return try (Self.fetchRegistration(db, id)?.client.disabledAt).unwrapped(or: IssuerStoreError.noSuchClient(id))
        }
    }

    private static func insert(_ db: Database, _ client: ClientRecord) throws {
        let columns = client.columns
        let names = columns.keys.sorted()
        try db.execute(
            sql: "INSERT INTO client (\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
            arguments: StatementArguments(names.map { columns[$0] ?? nil }))
    }

    private static func insertSecret(_ db: Database, client: String, hash: [UInt8], at now: Date) throws {
        try db.execute(
            sql: "INSERT INTO client_secret (client_id, hash, created_at) VALUES (?, ?, ?)",
            arguments: [client, Data(hash), now.timeIntervalSince1970])
    }

    private static func fetchRegistration(_ db: Database, _ id: String) throws -> ClientRegistration? {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM client WHERE id = ?"), arguments: [id]) else {
            return nil
        }
        let secrets = try db.cachedStatement(sql: "SELECT * FROM client_secret WHERE client_id = ? ORDER BY id")
        return ClientRegistration(
            client: ClientRecord(row: row),
            secrets: try Row.fetchAll(secrets, arguments: [id]).map { ClientSecretRecord(row: $0) })
    }
}

extension Optional {
    func unwrapped(or error: any Error) throws -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
