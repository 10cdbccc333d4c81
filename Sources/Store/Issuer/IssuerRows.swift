import Auth
import Foundation
import GRDB

// Dates are seconds since 1970, sets of scopes and lists of resources are text with spaces between (neither has spaces inside).

extension ClientRecord {
    init(row: Row, prefix: String = "") {
        let resources: String = row[prefix + "resources"]
        self.init(
            id: row[prefix + "id"],
            scopes: ScopeSet(storedAs: row[prefix + "scopes"]),
            resources: resources.split(separator: " ").map(String.init),
            tokenLifetime: row[prefix + "token_lifetime"],
            mayIntrospect: row[prefix + "may_introspect"],
            createdAt: Date(timeIntervalSince1970: row[prefix + "created_at"]),
            disabledAt: Date(storedAs: row[prefix + "disabled_at"]))
    }
}

extension ClientSecretRecord {
    init(row: Row, prefix: String = "") {
        let hash: Data = row[prefix + "hash"]
        self.init(
            id: row[prefix + "id"],
            hash: Array(hash),
            createdAt: Date(timeIntervalSince1970: row[prefix + "created_at"]),
            validUntil: Date(storedAs: row[prefix + "valid_until"]),
            retiredAt: Date(storedAs: row[prefix + "retired_at"]))
    }
}

extension SigningKeyRecord {
    init(row: Row) {
        self.init(
            kid: row["kid"],
            algorithm: row["algorithm"],
            privateKey: Secret(row["private_key"]),
            createdAt: Date(timeIntervalSince1970: row["created_at"]),
            publishedUntil: Date(storedAs: row["published_until"]))
    }
}

extension TokenRecord {
    init(row: Row) {
        let hash: Data = row["hash"]
        self.init(
            hash: Array(hash),
            jti: row["jti"],
            clientID: row["client_id"],
            secretID: row["secret_id"],
            scopes: ScopeSet(storedAs: row["scopes"]),
            audience: row["audience"],
            issuedAt: Date(timeIntervalSince1970: row["issued_at"]),
            expiresAt: Date(timeIntervalSince1970: row["expires_at"]),
            revokedAt: Date(storedAs: row["revoked_at"]))
    }
}

extension ScopeSet {
    init(storedAs text: String) {
        self.init(text.split(separator: " ").map(String.init))
    }
}

extension Date {
    init?(storedAs seconds: Double?) {
        guard let seconds else { return nil }
        self.init(timeIntervalSince1970: seconds)
    }
}
