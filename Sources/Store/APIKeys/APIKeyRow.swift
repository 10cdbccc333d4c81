import Auth
import Foundation
import GRDB

/// A row of `api_keys`. Times are seconds since 1970.
struct APIKeyRow: FetchableRecord, PersistableRecord {
    static let databaseTableName = "api_keys"

    let record: APIKeyRecord

    init(_ record: APIKeyRecord) {
        self.record = record
    }

    init(row: Row) throws {
        record = APIKeyRecord(
            id: row["id"], hash: row["hash"], principal: row["principal"], tenant: row["tenant"],
            scopes: ScopeSet(parsing: row["scopes"]) ?? [],
            environment: row["environment"], createdAt: Date(timeIntervalSince1970: row["created_at"]),
            expiresAt: Date(timeIntervalSince1970: row["expires_at"]),
            revokedAt: (row["revoked_at"] as TimeInterval?).map(Date.init(timeIntervalSince1970:)), replacedBy: row["replaced_by"])
    }

    func encode(to container: inout PersistenceContainer) {
        container["id"] = record.id
        container["hash"] = record.hash
        container["principal"] = record.principal
        container["tenant"] = record.tenant
        container["scopes"] = record.scopes.description
        container["environment"] = record.environment
        container["created_at"] = record.createdAt.timeIntervalSince1970
        container["expires_at"] = record.expiresAt.timeIntervalSince1970
        container["revoked_at"] = record.revokedAt?.timeIntervalSince1970
        container["replaced_by"] = record.replacedBy
    }

    /// STRICT: a wrong type is an error at once, not a surprise later.
    static let schema = [
        """
        CREATE TABLE api_keys (
            id TEXT NOT NULL PRIMARY KEY, hash BLOB NOT NULL UNIQUE, principal TEXT NOT NULL, scopes TEXT NOT NULL,
            environment TEXT NOT NULL, created_at REAL NOT NULL, expires_at REAL NOT NULL, revoked_at REAL,
            replaced_by TEXT REFERENCES api_keys (id)
        ) STRICT, WITHOUT ROWID
        """,
        "ALTER TABLE api_keys ADD COLUMN tenant TEXT",
    ]
}
