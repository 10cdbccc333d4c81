import Auth
import Foundation
import GRDB
import OAuth

// Dates are seconds since 1970, sets of scopes and lists of resources, redirect URIs and grant
// types are text with spaces between (none has spaces inside).

extension ClientRecord {
    init(row: Row, prefix: String = "") {
        self.init(
            id: row[prefix + "id"],
            scopes: ScopeSet(storedAs: row[prefix + "scopes"]),
            resources: Self.words(row[prefix + "resources"]),
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
        certificateThumbprint = row[prefix + "certificate_thumbprint"]
        name = row[prefix + "name"]
        redirectURIs = Self.words(row[prefix + "redirect_uris"])
        grantTypes = Set(Self.words(row[prefix + "grant_types"]))
        origin = ClientOrigin(rawValue: row[prefix + "origin"]) ?? .dynamic
        applicationType = row[prefix + "application_type"]
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    /// By column.
    var columns: [String: (any DatabaseValueConvertible)?] {
        [
            "id": id, "scopes": scopes.description, "resources": resources.joined(separator: " "), "token_lifetime": tokenLifetime,
            "may_introspect": mayIntrospect, "created_at": createdAt.timeIntervalSince1970,
            "disabled_at": disabledAt?.timeIntervalSince1970, "authentication": authentication.rawValue, "jwks": jwks,
            "certificate_name": certificateName, "certificate_thumbprint": certificateThumbprint, "binding": binding?.rawValue,
            "name": name, "redirect_uris": redirectURIs.joined(separator: " "), "grant_types": grantTypes.sorted().joined(separator: " "),
            "origin": origin.rawValue, "application_type": applicationType,
        ]
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
            revokedAt: Date(storedAs: row["revoked_at"]),
            grantID: row["grant_id"],
            user: row["user"])
    }
}

extension CodeRecord {
    init(row: Row) {
        let hash: Data = row["hash"]
        self.init(
            hash: Array(hash),
            clientID: row["client_id"],
            user: row["user"],
            redirectURI: row["redirect_uri"],
            challenge: row["challenge"],
            scopes: ScopeSet(storedAs: row["scopes"]),
            audience: row["audience"],
            keyThumbprint: row["key_thumbprint"],
            issuedAt: Date(timeIntervalSince1970: row["issued_at"]),
            expiresAt: Date(timeIntervalSince1970: row["expires_at"]),
            redeemedAt: Date(storedAs: row["redeemed_at"]),
            grantID: row["grant_id"])
    }
}

extension GrantRecord {
    init(row: Row, prefix: String = "") {
        self.init(
            id: row[prefix + "id"],
            clientID: row[prefix + "client_id"],
            user: row[prefix + "user"],
            scopes: ScopeSet(storedAs: row[prefix + "scopes"]),
            audience: row[prefix + "audience"],
            confirmation: Confirmation(storedAs: row[prefix + "certificate_thumbprint"], row[prefix + "key_thumbprint"]),
            createdAt: Date(timeIntervalSince1970: row[prefix + "created_at"]),
            expiresAt: Date(timeIntervalSince1970: row[prefix + "expires_at"]),
            revokedAt: Date(storedAs: row[prefix + "revoked_at"]))
    }
}

extension RefreshTokenRecord {
    init(row: Row) {
        let hash: Data = row["hash"]
        let key: Data = row["successor_key"]
        self.init(
            hash: Array(hash),
            grantID: row["grant_id"],
            generation: row["generation"],
            successorKey: Secret(Array(key)),
            issuedAt: Date(timeIntervalSince1970: row["issued_at"]),
            expiresAt: Date(timeIntervalSince1970: row["expires_at"]),
            usedAt: Date(storedAs: row["used_at"]))
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
