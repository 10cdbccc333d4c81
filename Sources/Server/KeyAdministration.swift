package import Auth
package import Foundation
import Serving
package import Store

/// What an operator does with API keys, each act with a record in the audit trail.
package struct KeyAdministration: Sendable {
    private let store: SQLiteAPIKeyStore
    private let audit: AuditLog?
    private let environment: String

    /// - Throws: `StoreError`, or `StartFailure` for an audit trail that cannot be opened.
    package init(_ configuration: ServerConfiguration) throws {
        store = try configuration.openKeyStore()
        environment = configuration.environment
        do {
            audit = try configuration.audit.map { try AuditLog(path: $0) }
        } catch {
            throw StartFailure("\(configuration.audit ?? ""): the audit trail cannot be opened: \(error)")
        }
    }

    /// - Parameter lifetime: In seconds; nil for the configured longest.
    /// - Throws: `StoreError`, `APIKeyStoreError`.
    package func issue(principal: String, tenant: String? = nil, scopes: ScopeSet, lifetime: TimeInterval?) async throws -> IssuedAPIKey {
        let now = Date()
        let issued = try await store.issue(
            principal: principal, tenant: tenant, scopes: scopes, environment: environment, lifetime: lifetime, at: now)
        try await note("issue", issued.record, at: now)
        return issued
    }

    package func list() async throws -> [APIKeyRecord] {
        try await store.list()
    }

    /// - Parameter overlap: For how many seconds both keys count.
    package func rotate(id: String, overlap: TimeInterval) async throws -> RotatedAPIKey {
        let now = Date()
        let rotated = try await store.rotate(id: id, overlap: overlap, at: now)
        try await note("rotate, in place of \(id)", rotated.issued.record, at: now)
        return rotated
    }

    package func revoke(id: String) async throws -> APIKeyRecord {
        let now = Date()
        let record = try await store.revoke(id: id, at: now)
        try await note("revoke", record, at: now)
        return record
    }

    private func note(_ act: String, _ key: APIKeyRecord, at now: Date) async throws {
        var record = AuditRecord(time: now, event: .administration, decision: .allowed)
        record.principal = key.principal
        record.keyID = key.id
        record.scopes = key.scopes.description
        record.detail = act
        try await audit?.append(record)
    }
}
