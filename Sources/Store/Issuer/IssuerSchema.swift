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
        // Clients without a secret, and bound tokens. A token without a secret needs the table made anew.
        migrator.registerMigration("issuer-2") { db in
            try db.execute(
                sql: """
                    ALTER TABLE client ADD COLUMN authentication TEXT NOT NULL DEFAULT 'client_secret';
                    ALTER TABLE client ADD COLUMN jwks TEXT;
                    ALTER TABLE client ADD COLUMN certificate_name TEXT;
                    ALTER TABLE client ADD COLUMN binding TEXT;
                    CREATE TABLE token_2 (
                        hash BLOB PRIMARY KEY NOT NULL,
                        jti TEXT NOT NULL,
                        client_id TEXT NOT NULL REFERENCES client(id),
                        secret_id INTEGER REFERENCES client_secret(id),
                        scopes TEXT NOT NULL,
                        audience TEXT NOT NULL,
                        certificate_thumbprint TEXT,
                        key_thumbprint TEXT,
                        issued_at REAL NOT NULL,
                        expires_at REAL NOT NULL,
                        revoked_at REAL
                    ) STRICT, WITHOUT ROWID;
                    INSERT INTO token_2 (hash, jti, client_id, secret_id, scopes, audience, issued_at, expires_at, revoked_at)
                        SELECT hash, jti, client_id, secret_id, scopes, audience, issued_at, expires_at, revoked_at FROM token;
                    DROP TABLE token;
                    ALTER TABLE token_2 RENAME TO token;
                    CREATE INDEX token_by_expiry ON token(expires_at);
                    """)
        }
        return migrator
    }
}
