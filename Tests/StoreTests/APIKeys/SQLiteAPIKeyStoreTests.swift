import Auth
import Foundation
import Store
import Testing

@Suite("The store of API keys")
struct SQLiteAPIKeyStoreTests {
    private static let wrongLifetimes: [TimeInterval] = [0, -1, 7_776_001, 3_153_600_000, .infinity, .nan]
    private let now = Date(timeIntervalSince1970: 1_800_000_000.25)

    private func withStores(_ body: (SQLiteAPIKeyStore, _ other: SQLiteAPIKeyStore, _ path: String) async throws -> Void) async throws {
        try await withFolder { folder in
            let path = folder + "/keys.sqlite"
            try await body(SQLiteAPIKeyStore(path: path), SQLiteAPIKeyStore(path: path), path)
        }
    }

    private func issue(in store: SQLiteAPIKeyStore, lifetime: TimeInterval? = nil) async throws -> IssuedAPIKey {
        try await store.issue(principal: "alice", scopes: ["mcp:read", "mcp:write"], environment: "test", lifetime: lifetime, at: now)
    }

    @Test("What one process issues, another reads at once and whole")
    func issuing() async throws {
        try await withStores { store, other, _ in
            let issued = try await issue(in: store)
            let read = try #require(try await other.record(id: issued.key.id))
            #expect(read == issued.record)
            #expect(read.principal == "alice")
            #expect(read.scopes == ["mcp:read", "mcp:write"])
            #expect(read.environment == "test")
            #expect(read.createdAt == now)
            #expect(read.expiresAt == now + 90 * 86400)
            #expect(read.hash == issued.key.hash)
            #expect(read.revokedAt == nil)
            #expect(try await other.record(id: "nobody") == nil)
        }
    }

    @Test("A revocation in one process is what the other's next call sees, and the second changes nothing")
    func revoking() async throws {
        try await withStores { store, other, _ in
            let issued = try await issue(in: store)
            let verifier = APIKeyChecks.all(store: other, environment: "test")
            let evidence = APIKeyEvidence(presented: issued.key.text.reveal())
            #expect(await verifier.verdict(on: evidence, at: now) == .accepted(issued.record.owner))
            #expect(try await store.revoke(id: issued.key.id, at: now + 1).revokedAt == now + 1)
            #expect(await verifier.verdict(on: evidence, at: now).reason == .revoked)
            #expect(try await other.revoke(id: issued.key.id, at: now + 9).revokedAt == now + 1)
            await #expect(throws: APIKeyStoreError.noSuchKey(id: "x")) { try await store.revoke(id: "x", at: now) }
        }
    }

    @Test("A rotation keeps who and what, overlaps, and ends the old key")
    func rotating() async throws {
        try await withStores { store, other, _ in
            let old = try await issue(in: store)
            let rotated = try await store.rotate(id: old.key.id, overlap: 60, at: now + 100)
            let new = rotated.issued.record
            #expect(new.owner.name == "alice")
            #expect(new.scopes == old.record.scopes)
            #expect(new.expiresAt == now + 100 + 90 * 86400)
            #expect(rotated.replaced.expiresAt == now + 160)
            #expect(rotated.replaced.replacedBy == new.id)
            #expect(try await other.record(id: old.key.id) == rotated.replaced)
            let verifier = APIKeyChecks.all(store: other, environment: "test")
            for (key, moment, reason) in [
                (old.key, 159.9, nil), (old.key, 160, Reason.expired), (rotated.issued.key, 159.9, nil), (rotated.issued.key, 160, nil),
            ] {
                let evidence = APIKeyEvidence(presented: key.text.reveal())
                #expect(await verifier.verdict(on: evidence, at: now + moment).reason == reason)
            }
        }
    }

    @Test("A key keeps its tenant, and so does its successor; the tenant is the caller's")
    func tenants() async throws {
        try await withStores { store, other, _ in
            let issued = try await store.issue(principal: "alice", tenant: "north", scopes: [], environment: "test", at: now)
            #expect(try await other.record(id: issued.key.id)?.owner.tenant == "north")
            #expect(try await other.rotate(id: issued.key.id, overlap: 0, at: now).issued.record.tenant == "north")
            #expect(try await issue(in: store).record.owner.tenant == nil)
            for tenant in ["", "a\nb"] {
                await #expect(throws: APIKeyStoreError.principal) {
                    try await store.issue(principal: "alice", tenant: tenant, scopes: [], environment: "test", at: now)
                }
            }
        }
    }

    @Test("An overlap never lengthens the old key's life")
    func overlapBeyondExpiry() async throws {
        try await withStores { store, _, _ in
            let old = try await issue(in: store, lifetime: 50)
            let rotated = try await store.rotate(id: old.key.id, overlap: 86400, at: now)
            #expect(rotated.replaced.expiresAt == now + 50)
            #expect(rotated.issued.record.expiresAt == now + 50)
        }
    }

    @Test("A key that is revoked, expired or replaced cannot be rotated")
    func hopelessRotations() async throws {
        try await withStores { store, _, _ in
            let (first, second, third) = try await (issue(in: store), issue(in: store), issue(in: store, lifetime: 5))
            _ = try await store.revoke(id: first.key.id, at: now)
            await #expect(throws: APIKeyStoreError.revoked(id: first.key.id)) {
                try await store.rotate(id: first.key.id, overlap: 1, at: now)
            }
            let successor = try await store.rotate(id: second.key.id, overlap: 10, at: now).issued.key.id
            await #expect(throws: APIKeyStoreError.replaced(id: second.key.id, by: successor)) {
                try await store.rotate(id: second.key.id, overlap: 10, at: now)
            }
            await #expect(throws: APIKeyStoreError.expired(id: third.key.id)) {
                try await store.rotate(id: third.key.id, overlap: 1, at: now + 5)
            }
            await #expect(throws: APIKeyStoreError.noSuchKey(id: "x")) { try await store.rotate(id: "x", overlap: 1, at: now) }
            await #expect(throws: APIKeyStoreError.negativeOverlap) {
                try await store.rotate(id: successor, overlap: -1, at: now)
            }
            #expect(try await store.list().count == 4)
        }
    }

    @Test("A lifetime above the maximum, or none, is refused", arguments: wrongLifetimes)
    func lifetimes(lifetime: TimeInterval) async throws {
        try await withStores { store, _, _ in
            await #expect(throws: APIKeyStoreError.lifetime(maximumDays: 90)) { try await issue(in: store, lifetime: lifetime) }
            let keys = try await store.list()
            #expect(keys.isEmpty)
        }
    }

    @Test("Names that would spoil a key or a log are refused")
    func names() async throws {
        try await withStores { store, _, _ in
            await #expect(throws: APIKeyStoreError.environment("te_st")) {
                try await store.issue(principal: "alice", scopes: [], environment: "te_st", at: now)
            }
            for principal in ["", "a\nb", String(repeating: "a", count: 257)] {
                await #expect(throws: APIKeyStoreError.principal) {
                    try await store.issue(principal: principal, scopes: [], environment: "test", at: now)
                }
            }
        }
    }

    @Test("Neither the key nor its secret is anywhere in the files; the hash is")
    func atRest() async throws {
        try await withStores { store, _, path in
            let issued = try await issue(in: store)
            let text = issued.key.text.reveal()
            let secret = Data(text.suffix(43).utf8)
            var stored = Data()
            for suffix in ["", "-wal"] { stored += FileManager.default.contents(atPath: path + suffix) ?? Data() }
            #expect(stored.range(of: issued.key.hash) != nil)
            #expect(stored.range(of: secret) == nil)
            #expect(stored.range(of: secret.suffix(16)) == nil)
        }
    }

    @Test("Only the owner can read the files")
    func mode() async throws {
        try await withStores { store, _, path in
            _ = try await issue(in: store)
            for suffix in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect((attributes[.posixPermissions] as? Int) == 0o600)
            }
        }
    }

    @Test("Many processes that open a new store at once, and write at once, lose nothing")
    func concurrency() async throws {
        try await withFolder { folder in
            let ids = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let store = try SQLiteAPIKeyStore(path: folder + "/keys.sqlite")
                        var ids: [String] = []
                        for _ in 0..<20 { ids.append(try await issue(in: store).key.id) }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let listed = try await SQLiteAPIKeyStore(path: folder + "/keys.sqlite").list()
            #expect(listed.count == 160)
            #expect(Set(listed.map(\.id)) == Set(ids))
        }
    }

    @Test("Of many rotations of one key at once exactly one is done")
    func racingRotations() async throws {
        try await withStores { store, other, _ in
            let id = try await issue(in: store).key.id
            let done = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<10 {
                    group.addTask { (try? await (index % 2 == 0 ? store : other).rotate(id: id, overlap: 10, at: now)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(done == 1)
            #expect(try await store.list().count == 2)
        }
    }
}
