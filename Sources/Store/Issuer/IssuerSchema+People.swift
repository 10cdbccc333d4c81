import GRDB

extension IssuerStore {
    /// The version with people: who they are, where they are logged in, and what they have allowed.
    static func registerPeople(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("issuer-4") { db in
            try db.execute(
                sql: """
                    CREATE TABLE user (
                        name TEXT PRIMARY KEY NOT NULL,
                        password_hash TEXT NOT NULL,
                        created_at REAL NOT NULL,
                        disabled_at REAL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE login (
                        hash BLOB PRIMARY KEY NOT NULL,
                        user TEXT NOT NULL REFERENCES user(name),
                        created_at REAL NOT NULL,
                        expires_at REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX login_by_expiry ON login(expires_at);
                    CREATE INDEX login_by_user ON login(user);
                    CREATE TABLE consent (
                        user TEXT NOT NULL REFERENCES user(name),
                        client_id TEXT NOT NULL REFERENCES client(id),
                        audience TEXT NOT NULL,
                        scopes TEXT NOT NULL,
                        given_at REAL NOT NULL,
                        PRIMARY KEY (user, client_id, audience)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX consent_by_client ON consent(client_id);
                    CREATE INDEX user_grant_by_client ON user_grant(client_id);
                    CREATE INDEX code_by_client ON code(client_id);
                    CREATE INDEX open_client_by_age ON client(created_at) WHERE origin <> 'registered' AND disabled_at IS NULL;
                    """)
        }
    }
}
