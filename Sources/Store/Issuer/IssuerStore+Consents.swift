import Auth
import Foundation
import GRDB

extension IssuerStore {
    /// What the user has allowed the client at that resource; nil: nothing.
    package func consent(user: String, client: String, audience: String) async throws -> ConsentRecord? {
        try await read { try Self.fetchConsent($0, user, client, audience) }
    }

    /// Adds to what the user has allowed before.
    package func give(_ consent: ConsentRecord) async throws {
        try await write { db in
            let before = try Self.fetchConsent(db, consent.user, consent.clientID, consent.audience)
            let scopes = ScopeSet(consent.scopes.scopes.union(before?.scopes.scopes ?? []))
            try db.execute(
                sql: "INSERT OR REPLACE INTO consent (user, client_id, audience, scopes, given_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    consent.user, consent.clientID, consent.audience, scopes.description, consent.givenAt.timeIntervalSince1970,
                ])
        }
    }

    /// What a user has allowed, or everybody.
    ///
    /// - Parameter client: nil: every client.
    package func consents(user: String? = nil, client: String? = nil) async throws -> [ConsentRecord] {
        try await read { db in
            let sql = """
                SELECT * FROM consent WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR client_id = ?2)
                ORDER BY user, client_id, audience
                """
            return try Row.fetchAll(db, sql: sql, arguments: [user, client]).map { ConsentRecord(row: $0) }
        }
    }

    /// Forgets what the user has allowed, so that he is asked again. What came from it is ended by `revokeGrants`.
    ///
    /// - Parameter client: nil: every client.
    /// - Returns: How many consents there were.
    package func revokeConsents(user: String, client: String?) async throws -> Int {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM consent WHERE user = ?1 AND (?2 IS NULL OR client_id = ?2)", arguments: [user, client])
            return db.changesCount
        }
    }

    private static func fetchConsent(_ db: Database, _ user: String, _ client: String, _ audience: String) throws -> ConsentRecord? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM consent WHERE user = ? AND client_id = ? AND audience = ?")
        return try Row.fetchOne(statement, arguments: [user, client, audience]).map { ConsentRecord(row: $0) }
    }
}

extension ConsentRecord {
    init(row: Row) {
        self.init(
            user: row["user"],
            clientID: row["client_id"],
            audience: row["audience"],
            scopes: ScopeSet(storedAs: row["scopes"]),
            givenAt: Date(timeIntervalSince1970: row["given_at"]))
    }
}
