import Auth
import Foundation
import Testing

@Suite("The checks on API keys")
struct APIKeyChecksTests {
    private struct Keys: APIKeyStore {
        var records: [String: APIKeyRecord] = [:]
        func record(id: String) async throws -> APIKeyRecord? { records[id] }
    }

    private struct BrokenStore: APIKeyStore {
        struct Failure: Error {}
        func record(id: String) async throws -> APIKeyRecord? { throw Failure() }
    }

    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let key = APIKey(generatingFor: "test")
    private var record: APIKeyRecord {
        APIKeyRecord(key: key, principal: "alice", scopes: ["mcp:read"], createdAt: now - 10, expiresAt: now + 10)
    }

    private func verdict(_ text: String, _ record: APIKeyRecord, at moment: Date? = nil) async -> Verdict {
        let verifier = APIKeyChecks.all(store: Keys(records: [record.id: record]), environment: "test")
        return await verifier.verdict(on: APIKeyEvidence(presented: text), at: moment ?? now)
    }

    private func reason(_ text: String, _ record: APIKeyRecord, at moment: Date? = nil) async -> Reason? {
        if case .refused(let refusal) = await verdict(text, record, at: moment) { refusal.reason } else { nil }
    }

    @Test("They are asked in this order")
    func order() {
        let names = APIKeyChecks.all(store: Keys(), environment: "test").checks.map(\.name)
        #expect(names == ["form", "known", "not-expired", "not-revoked", "environment"])
    }

    @Test("A good key names its principal, its scopes and itself")
    func accepted() async {
        let owner = Principal(name: "alice", scopes: ["mcp:read"], credential: .apiKey(id: key.id))
        #expect(await verdict(key.text.reveal(), record) == .accepted(owner))
    }

    @Test("A key with one character changed, lost or added is not the key")
    func nearMisses() async {
        let text = key.text.reveal()
        #expect(await reason(text, record) == nil)
        let last = text.hasSuffix("a") ? "b" : "a"
        #expect(await reason(text.dropLast() + last, record) == .unknown)
        #expect(await reason(String(text.dropLast()), record) == .malformed)
        #expect(await reason(text + "a", record) == .malformed)
        let first = text.dropFirst(21).hasPrefix("a") ? "b" : "a"
        #expect(await reason(text.prefix(21) + first + text.dropFirst(22), record) == .unknown)
    }

    @Test("Letter case counts in each place of the secret")
    func letterCase() async {
        let text = Array(key.text.reveal())
        for index in text.indices.dropFirst(21) where text[index].isLetter {
            var flipped = text
            flipped[index] = Character(text[index].isUppercase ? text[index].lowercased() : text[index].uppercased())
            #expect(await reason(String(flipped), record) == .unknown)
        }
    }

    @Test("The stored hash is no credential")
    func passTheHash() async {
        let hexadecimal = key.hash.map { String($0, radix: 16) }.joined()
        #expect(await reason(hexadecimal, record) == .malformed)
        #expect(await reason(key.hash.base64EncodedString(), record) == .malformed)
    }

    @Test("An id that nobody has is unknown")
    func unknownID() async {
        #expect(await reason(APIKey(generatingFor: "test").text.reveal(), record) == .unknown)
    }

    @Test("The expiry is the first instant of refusal")
    func expiry() async {
        let text = key.text.reveal()
        #expect(await reason(text, record, at: record.expiresAt - 0.001) == nil)
        #expect(await reason(text, record, at: record.expiresAt) == .expired)
        #expect(await reason(text, record, at: record.expiresAt + 1e9) == .expired)
    }

    @Test("A revoked key is refused at any time, before its revocation too")
    func revocation() async {
        var revoked = record
        #expect(await reason(key.text.reveal(), revoked) == nil)
        revoked.revokedAt = now
        #expect(await reason(key.text.reveal(), revoked) == .revoked)
        revoked.revokedAt = now + 5
        #expect(await reason(key.text.reveal(), revoked) == .revoked)
    }

    @Test("A key for another environment is refused")
    func environment() async {
        let other = APIKey(generatingFor: "prod")
        let record = APIKeyRecord(key: other, principal: "alice", scopes: [], createdAt: now, expiresAt: now + 10)
        #expect(await reason(other.text.reveal(), record) == .environment)
    }

    @Test("A store that cannot be read turns everybody away")
    func brokenStore() async {
        let verifier = APIKeyChecks.all(store: BrokenStore(), environment: "test")
        guard case .refused(let refusal, let check) = await verifier.verify(APIKeyEvidence(presented: key.text.reveal()), at: now) else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.reason == .issuerUnreachable)
        #expect(check == "known")
    }

    @Test("Refused evidence still names the key, for the audit record")
    func credential() async {
        var revoked = record
        revoked.revokedAt = now
        let verifier = APIKeyChecks.all(store: Keys(records: [key.id: revoked]), environment: "test")
        var evidence = APIKeyEvidence(presented: key.text.reveal())
        let objection = await verifier.objection(to: &evidence, at: now)
        #expect(objection?.check == "not-revoked")
        #expect(evidence.credential == .apiKey(id: key.id))
    }

    @Test("Without any one of its checks the list still lets no unknown key in", arguments: ["form", "known"])
    func shortened(name: String) async {
        let verifier = APIKeyChecks.all(store: Keys(records: [record.id: record]), environment: "test").dropping(name)
        guard case .refused = await verifier.verdict(on: APIKeyEvidence(presented: key.text.reveal()), at: now) else {
            Issue.record("accepted without \(name)")
            return
        }
    }
}
