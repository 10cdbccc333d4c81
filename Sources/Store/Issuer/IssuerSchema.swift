import GRDB

extension IssuerStore {
    /// The tables, in the versions that were ever released; each file is brought up to the newest.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("issuer-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE client (
                        id TEXT PRIMARY KEY NOT NULL,
                        scopes TEXT NOT NULL,
                        resources TEXT NOT NULL,
                        token_lifetime INTEGER,
                        may_introspect INTEGER NOT NULL,
                        created_at REAL NOT NULL,
                        disabled_at REAL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE client_secret (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        client_id TEXT NOT NULL REFERENCES client(id),
                        hash BLOB NOT NULL,
                        created_at REAL NOT NULL,
                        valid_until REAL,
                        retired_at REAL
                    ) STRICT;
                    CREATE INDEX client_secret_by_client ON client_secret(client_id);
                    CREATE TABLE signing_key (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        kid TEXT NOT NULL UNIQUE,
                        algorithm TEXT NOT NULL,
                        private_key TEXT NOT NULL,
                        created_at REAL NOT NULL,
                        published_until REAL
                    ) STRICT;
                    CREATE TABLE token (
                        hash BLOB PRIMARY KEY NOT NULL,
                        jti TEXT NOT NULL,
                        client_id TEXT NOT NULL REFERENCES client(id),
                        secret_id INTEGER NOT NULL REFERENCES client_secret(id),
                        scopes TEXT NOT NULL,
                        audience TEXT NOT NULL,
                        issued_at REAL NOT NULL,
                        expires_at REAL NOT NULL,
                        revoked_at REAL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX token_by_expiry ON token(expires_at);
                    """)
        }
        return migrator
    }
}
