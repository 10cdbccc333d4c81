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
        // Grants that people give: codes, refresh tokens, and clients that ask for them. A grant takes all it gave with it.
        migrator.registerMigration("issuer-3") { db in
            try db.execute(
                sql: """
                    ALTER TABLE client ADD COLUMN certificate_thumbprint TEXT;
                    ALTER TABLE client ADD COLUMN name TEXT;
                    ALTER TABLE client ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '';
                    ALTER TABLE client ADD COLUMN grant_types TEXT NOT NULL DEFAULT 'client_credentials';
                    ALTER TABLE client ADD COLUMN origin TEXT NOT NULL DEFAULT 'registered';
                    ALTER TABLE client ADD COLUMN application_type TEXT;
                    CREATE TABLE user_grant (
                        id TEXT PRIMARY KEY NOT NULL,
                        client_id TEXT NOT NULL REFERENCES client(id),
                        user TEXT NOT NULL,
                        scopes TEXT NOT NULL,
                        audience TEXT NOT NULL,
                        certificate_thumbprint TEXT,
                        key_thumbprint TEXT,
                        created_at REAL NOT NULL,
                        expires_at REAL NOT NULL,
                        revoked_at REAL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX user_grant_by_user ON user_grant(user, client_id);
                    CREATE INDEX user_grant_by_expiry ON user_grant(expires_at);
                    CREATE TABLE code (
                        hash BLOB PRIMARY KEY NOT NULL,
                        client_id TEXT NOT NULL REFERENCES client(id),
                        user TEXT NOT NULL,
                        redirect_uri TEXT NOT NULL,
                        challenge TEXT NOT NULL,
                        scopes TEXT NOT NULL,
                        audience TEXT NOT NULL,
                        key_thumbprint TEXT,
                        issued_at REAL NOT NULL,
                        expires_at REAL NOT NULL,
                        redeemed_at REAL,
                        grant_id TEXT REFERENCES user_grant(id) ON DELETE CASCADE
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX code_by_expiry ON code(expires_at);
                    CREATE INDEX code_by_grant ON code(grant_id) WHERE grant_id IS NOT NULL;
                    CREATE TABLE refresh_token (
                        hash BLOB PRIMARY KEY NOT NULL,
                        grant_id TEXT NOT NULL REFERENCES user_grant(id) ON DELETE CASCADE,
                        generation INTEGER NOT NULL,
                        successor_key BLOB NOT NULL,
                        issued_at REAL NOT NULL,
                        expires_at REAL NOT NULL,
                        used_at REAL,
                        UNIQUE (grant_id, generation)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX refresh_token_by_expiry ON refresh_token(expires_at);
                    ALTER TABLE token ADD COLUMN grant_id TEXT REFERENCES user_grant(id) ON DELETE CASCADE;
                    ALTER TABLE token ADD COLUMN user TEXT;
                    CREATE INDEX token_by_grant ON token(grant_id) WHERE grant_id IS NOT NULL;
                    """)
        }
        registerPeople(in: &migrator)
        return migrator
    }
}
