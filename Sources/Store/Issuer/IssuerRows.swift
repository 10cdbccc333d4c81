import Auth
import Foundation
import GRDB
import OAuth

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
        // A word that a later version wrote is none that lets anybody in here.
        authentication = ClientAuthentication(rawValue: row[prefix + "authentication"]) ?? .certificate
        jwks = row[prefix + "jwks"]
        certificateName = row[prefix + "certificate_name"]
        let binding: String? = row[prefix + "binding"]
        self.binding = binding.flatMap(TokenBinding.init)
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
            confirmation: Confirmation(storedAs: row["certificate_thumbprint"], row["key_thumbprint"]),
            issuedAt: Date(timeIntervalSince1970: row["issued_at"]),
            expiresAt: Date(timeIntervalSince1970: row["expires_at"]),
            revokedAt: Date(storedAs: row["revoked_at"]))
    }
}

extension Confirmation {
    fileprivate init?(storedAs certificate: String?, _ key: String?) {
        guard certificate != nil || key != nil else { return nil }
        self.init(certificateThumbprint: certificate, keyThumbprint: key)
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
