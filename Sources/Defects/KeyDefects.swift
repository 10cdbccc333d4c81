import Auth
import Foundation
import Server
import Synchronization

extension Defect {
    /// Bent rules for API keys. The right list: form, known, not-expired, not-revoked, environment.
    static let keyDefects: [Defect] = [
        Defect("server/ignores-key-revocation", server: { $0.keys = $0.keys.dropping("not-revoked") }),
        Defect("server/ignores-key-expiry", server: { $0.keys = $0.keys.dropping("not-expired") }),
        Defect("server/ignores-environment", server: { $0.keys = $0.keys.dropping("environment") }),
        Defect(
            "server/looks-only-at-the-key-id",
            server: { parts in
                let store = parts.keyStore
                guard let right = parts.keys.checks.first(where: { $0.name == "known" }) else { return }
                // Reads the id and takes any secret behind it.
                let form = Check<APIKeyEvidence>("form") { evidence, now in
                    guard let refusal = await APIKeyChecks.form(&evidence, at: now) else { return nil }
                    let pieces = evidence.presented.reveal().split(separator: "_")
                    guard pieces.count == 4 else { return refusal }
                    evidence.record = try? await store.record(id: String(pieces[2]))
                    return evidence.record == nil ? refusal : nil
                }
                let known = Check<APIKeyEvidence>("known") { evidence, now in
                    guard evidence.record == nil, let refusal = await right(&evidence, at: now) else { return nil }
                    if let id = evidence.key?.id { evidence.record = try? await store.record(id: id) }
                    return evidence.record == nil ? refusal : nil
                }
                parts.keys = parts.keys.replacing("form", with: form).replacing("known", with: known)
            }),
        Defect(
            "server/caches-accepted-keys",
            server: { parts in
                let cache = KeyCache(over: parts.keyStore, seconds: 60)
                parts.keys = parts.keys.replacing("known", with: APIKeyChecks.known(in: cache)).replacing(
                    "not-expired",
                    with: Check("not-expired") { evidence, now in
                        guard let key = evidence.key, !cache.knows(key.id) else { return nil }
                        return await APIKeyChecks.notExpired(&evidence, at: now)
                    })
            }),
        Defect(
            "server/knows-one-key-per-principal",
            server: { parts in
                let newest = Mutex<[String: APIKeyRecord]>([:])
                let store = parts.keyStore
                parts.keys = parts.keys.replacing(
                    "known",
                    with: Check("known") { evidence, now in
                        if let refusal = await APIKeyChecks.known(in: store)(&evidence, at: now) { return refusal }
                        guard let record = evidence.record else { return nil }
                        let name = "\(record.tenant ?? "")/\(record.principal)"
                        return newest.withLock { newest in
                            if let other = newest[name], other.createdAt > record.createdAt, other.id != record.id {
                                return Refusal(.revoked, "replaced by \(other.id)")
                            }
                            newest[name] = record
                            return nil
                        }
                    })
            }),
        Defect(
            "server/forgets-a-revocation-once",
            server: { parts in
                let turns = Mutex<[String: Int]>([:])
                parts.keys = parts.keys.replacing(
                    "not-revoked",
                    with: Check("not-revoked") { evidence, now in
                        guard let refusal = await APIKeyChecks.notRevoked(&evidence, at: now) else { return nil }
                        // Refused the first time, let in the second, refused from then on.
                        let turn = turns.withLock { turns in
                            turns[evidence.key?.id ?? "", default: 0] += 1
                            return turns[evidence.key?.id ?? ""]
                        }
                        return turn == 2 ? nil : refusal
                    })
            }),
        Defect(
            "server/forgets-revocations-at-restart",
            server: { parts in
                // Knows the revocations it has lived to see.
                let started = parts.clock()
                parts.keys = parts.keys.replacing(
                    "not-revoked",
                    with: Check("not-revoked") { evidence, now in
                        guard let revoked = evidence.record?.revokedAt, revoked >= started else { return nil }
                        return await APIKeyChecks.notRevoked(&evidence, at: now)
                    })
            }),
        Defect(
            "server/expires-keys-ten-seconds-early",
            server: { parts in
                parts.keys = parts.keys.replacing(
                    "not-expired",
                    with: Check("not-expired") { evidence, now in
                        await APIKeyChecks.notExpired(&evidence, at: now.addingTimeInterval(10))
                    })
            }),
    ]
}

/// Remembers each record it has read for a while, whatever becomes of the key meanwhile.
private final class KeyCache: APIKeyStore {
    private let store: any APIKeyStore
    private let seconds: Double
    private let records = Mutex<[String: (APIKeyRecord, ContinuousClock.Instant)]>([:])

    init(over store: any APIKeyStore, seconds: Double) {
        self.store = store
        self.seconds = seconds
    }

    func knows(_ id: String) -> Bool { fresh(id) != nil }

    func record(id: String) async throws -> APIKeyRecord? {
        if let record = fresh(id) { return record }
        guard let record = try await store.record(id: id) else { return nil }
        if record.revokedAt == nil { records.withLock { $0[id] = (record, .now) } }
        return record
    }

    private func fresh(_ id: String) -> APIKeyRecord? {
        records.withLock { records in
            guard let (record, read) = records[id], read.duration(to: .now) < .seconds(seconds) else { return nil }
            return record
        }
    }
}
