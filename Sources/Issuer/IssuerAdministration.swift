package import Auth
package import Foundation
package import OAuth
package import Serving
package import Store

/// What an operator does to an issuer's store; a running issuer sees it with its next request.
package struct IssuerAdministration: Sendable {
    package let store: IssuerStore
    /// Where each act is written down before it is acknowledged.
    private let audit: any AuditSink
    package let now: Date
    /// What a guess at a password costs that is set now.
    let passwordCost: PasswordHash.Cost

    package init(store: IssuerStore, now: Date = Date(), audit: any AuditSink, passwordCost: PasswordHash.Cost = .standard) {
        self.store = store
        self.now = now
        self.audit = audit
        self.passwordCost = passwordCost
    }

    /// Administers the store that a configuration names, and writes to its audit trail.
    ///
    /// - Throws: `IssuerStoreError`, `UnusableFile`.
    package init(_ configuration: IssuerConfiguration) throws {
        self.init(
            store: try IssuerStore(path: configuration.store), audit: try IssuerAudit.open(configuration.audit),
            passwordCost: configuration.passwordHashing)
    }

    /// A client and its secret, which is shown this once.
    package struct NewSecret: Sendable {
        package var registration: ClientRegistration
        package var secret: Secret<String>?
    }

    /// Registers a client; see `ClientRecord` for what it may. One that proves itself otherwise gets no secret.
    ///
    /// - Throws: `IssuerStoreError.clientExists`.
    package func add(_ client: ClientRecord) async throws -> NewSecret {
        var client = client
        client.createdAt = now
        let secret = client.authentication == .secret ? ClientSecret.generate() : nil
        try await store.add(client, secretHash: secret.map(ClientSecret.hash))
        try await note(client.id, "client added", scopes: client.scopes)
        return NewSecret(registration: ClientRegistration(client: client, secrets: []), secret: secret)
    }

    /// A new secret; the old ones are good for `overlap` seconds more.
    ///
    /// - Throws: `IssuerStoreError.noSuchClient`.
    package func rotateSecret(of id: String, overlap: TimeInterval) async throws -> NewSecret {
        let secret = ClientSecret.generate()
        let registration = try await store.rotateSecret(
            of: id, newHash: ClientSecret.hash(secret), overlapEnd: now.addingTimeInterval(overlap), now: now)
        try await note(id, "secret rotated")
        return NewSecret(registration: registration, secret: secret)
    }

    /// Ends the old secrets now, and with them the tokens they obtained.
    ///
    /// - Returns: How many secrets.
    /// - Throws: `IssuerStoreError.noSuchClient`, `.nothingToRetire`.
    package func retireSecrets(of id: String) async throws -> Int {
        let count = try await store.retireSecrets(of: id, now: now)
        try await note(id, "secrets retired")
        return count
    }

    /// - Returns: Since when the client is disabled.
    /// - Throws: `IssuerStoreError.noSuchClient`.
    package func disable(_ id: String) async throws -> Date {
        let since = try await store.disable(id, now: now)
        try await note(id, "client disabled")
        return since
    }

    /// Ends a grant and every token of it.
    ///
    /// - Returns: The grant as it stands, with `revokedAt` set.
    /// - Throws: `IssuerStoreError.noSuchGrant`.
    package func revokeGrant(_ id: String) async throws -> GrantRecord {
        _ = try await store.revokeGrant(id, now: now)
        guard let grant = try await store.grant(id) else { throw IssuerStoreError.noSuchGrant(id) }
        try await note(grant.clientID, "grant \(id) of user \(grant.user) revoked", scopes: grant.scopes)
        return grant
    }

    /// Makes a new key that signs from now on; the old ones stay published for `overlap` seconds more.
    ///
    /// - Parameter algorithm: nil: that of the key before, or ES256.
    /// - Returns: The new key, and the identifiers of those it takes over from.
    package func rotateSigningKey(
        algorithm: SigningAlgorithm?, overlap: TimeInterval
    ) async throws -> (key: SigningKeyRecord, retired: [String]) {
        let before = try await store.allSigningKeys().first.flatMap { SigningAlgorithm(rawValue: $0.algorithm) }
        let key = try await Self.generate(algorithm ?? before ?? .es256, now: now)
        let retired = try await store.rotateSigningKey(to: key, overlapEnd: now.addingTimeInterval(overlap), now: now)
        try await note(nil, "signing key rotated to \(key.kid)")
        return (key, retired)
    }

    /// Sees to it that a key of that algorithm signs: the first one ever, or a new one when the configured algorithm has changed.
    package func ensureSigningKey(_ algorithm: SigningAlgorithm) async throws {
        let current = try await store.allSigningKeys().first { $0.publishedUntil == nil }
        switch current {
        case nil: try await store.addSigningKeyIfNone(try await Self.generate(algorithm, now: now))
        case let key? where key.algorithm != algorithm.rawValue:
            _ = try await rotateSigningKey(algorithm: algorithm, overlap: TimeInterval(LifetimeRule.maximum))
        default: break
        }
    }

    private static func generate(_ algorithm: SigningAlgorithm, now: Date) async throws -> SigningKeyRecord {
        let key = try await SigningKey(generating: algorithm)
        return SigningKeyRecord(kid: key.kid, algorithm: algorithm.rawValue, privateKey: key.pem, createdAt: now)
    }

    func note(_ client: String?, _ what: String, scopes: ScopeSet? = nil) async throws {
        var record = AuditRecord(time: now, event: .administration, decision: .allowed)
        record.principal = client
        record.scopes = scopes?.description
        record.detail = what
        try await audit.append(record)
    }
}
