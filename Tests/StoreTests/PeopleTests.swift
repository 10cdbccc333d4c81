import Auth
import Foundation
import Store
import Testing

@Suite("Users, logins and consents in the store")
struct PeopleTests {
    private let folder = Folder()
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// A folder of its own, gone with the value.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "people-\(UUID().uuidString)")

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private func open() async throws -> IssuerStore {
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let store = try IssuerStore(path: folder.url.appending(path: "issuer.sqlite").path)
        try await store.add(UserRecord(name: "ann", passwordHash: "$1", createdAt: start))
        try await store.add(UserRecord(name: "bob", passwordHash: "$2", createdAt: start))
        try await store.add(ClientRecord(id: "app", scopes: ["mcp:read"], createdAt: start), secretHash: nil)
        try await store.add(ClientRecord(id: "other", scopes: ["mcp:read"], createdAt: start), secretHash: nil)
        return store
    }

    private func login(_ byte: UInt8, _ user: String, for seconds: Double = 60, at now: Date? = nil) -> LoginRecord {
        let now = now ?? start
        return LoginRecord(hash: [UInt8](repeating: byte, count: 32), user: user, createdAt: now, expiresAt: now + seconds)
    }

    @Test("A user reads back as added, and a second one by the name is refused")
    func users() async throws {
        let store = try await open()
        #expect(try await store.user("ann") == UserRecord(name: "ann", passwordHash: "$1", createdAt: start))
        #expect(try await store.user("Ann") == nil)
        #expect(try await store.users().map(\.name) == ["ann", "bob"])
        await #expect(throws: IssuerStoreError.userExists("ann")) {
            try await store.add(UserRecord(name: "ann", passwordHash: "$9", createdAt: start))
        }
        #expect(try await store.user("ann")?.passwordHash == "$1")
    }

    @Test("A login is good until its second, and not for a disabled user")
    func logins() async throws {
        let store = try await open()
        let (ann, bob) = (login(1, "ann"), login(2, "bob"))
        try await store.add(ann)
        try await store.add(bob)
        #expect(try await store.login(hash: ann.hash, now: start + 59.9) == ann)
        #expect(try await store.login(hash: ann.hash, now: start + 60) == nil)
        #expect(try await store.login(hash: login(3, "ann").hash, now: start) == nil)
        #expect(try await store.disableUser("ann", now: start + 1) == start + 1)
        #expect(try await store.disableUser("ann", now: start + 2) == start + 1)
        #expect(try await store.login(hash: ann.hash, now: start + 3) == nil)
        #expect(try await store.login(hash: bob.hash, now: start + 3) == bob)
        try await store.enableUser("ann")
        #expect(try await store.user("ann")?.disabledAt == nil)
        #expect(try await store.login(hash: ann.hash, now: start + 3) == nil)
        try await store.endLogin(hash: bob.hash)
        #expect(try await store.login(hash: bob.hash, now: start + 3) == nil)
    }

    @Test("A new password ends the logins that were made with the old one, of that user only")
    func password() async throws {
        let store = try await open()
        try await store.add(login(1, "ann"))
        try await store.add(login(2, "bob"))
        try await store.setPassword(of: "ann", hash: "$3")
        #expect(try await store.user("ann")?.passwordHash == "$3")
        #expect(try await store.login(hash: login(1, "ann").hash, now: start) == nil)
        #expect(try await store.login(hash: login(2, "bob").hash, now: start) != nil)
        await #expect(throws: IssuerStoreError.noSuchUser("eve")) { try await store.setPassword(of: "eve", hash: "$") }
        await #expect(throws: IssuerStoreError.noSuchUser("eve")) { try await store.enableUser("eve") }
        await #expect(throws: IssuerStoreError.noSuchUser("eve")) { try await store.disableUser("eve", now: start) }
    }

    @Test("Clients that came by themselves and that nobody uses are forgotten, and no others")
    func unusedClients() async throws {
        let store = try await open()
        func add(_ id: String, origin: ClientOrigin = .dynamic, at moment: Date? = nil) async throws {
            var client = ClientRecord(id: id, scopes: ["mcp:read"], createdAt: moment ?? start)
            client.origin = origin
            try await store.add(client, secretHash: [1])
        }
        try await add("unused")
        try await add("unused document", origin: .metadataDocument)
        try await add("young", at: start + 10)
        try await add("disabled")
        _ = try await store.disable("disabled", now: start)
        try await add("allowed")
        try await store.give(
            ConsentRecord(user: "ann", clientID: "allowed", audience: "https://a.example/", scopes: ["mcp:read"], givenAt: start))
        try await add("coded")
        try await store.addCode(
            CodeRecord(
                hash: [1], clientID: "coded", user: "ann", redirectURI: "https://a.example/", challenge: "c", scopes: ["mcp:read"],
                audience: "https://a.example/", issuedAt: start, expiresAt: start + 60))
        #expect(try await store.forgetUnusedClients(before: start + 10) == 2)
        #expect(try await store.registrations().map(\.client.id) == ["allowed", "app", "coded", "disabled", "other", "young"])
        #expect(try await store.forgetUnusedClients(before: start + 10) == 0)
    }

    @Test("Consents add up for one user, client and resource, and are taken back for one client or for all")
    func consents() async throws {
        let store = try await open()
        func consent(_ client: String, _ scopes: ScopeSet, audience: String = "https://a.example/mcp", user: String = "ann")
            -> ConsentRecord
        {
            ConsentRecord(user: user, clientID: client, audience: audience, scopes: scopes, givenAt: start)
        }
        for given in [
            consent("app", ["mcp:read"]), consent("app", ["mcp:write"]), consent("app", ["x"], audience: "https://b.example/mcp"),
            consent("other", ["mcp:read"]), consent("app", ["y"], user: "bob"),
        ] {
            try await store.give(given)
        }
        let kept = try await store.consent(user: "ann", client: "app", audience: "https://a.example/mcp")
        #expect(kept?.scopes == ["mcp:read", "mcp:write"])
        #expect(try await store.consent(user: "ann", client: "other", audience: "https://b.example/mcp") == nil)
        #expect(try await store.consents(user: "ann").count == 3)
        #expect(try await store.consents(client: "app").map(\.user) == ["ann", "ann", "bob"])
        #expect(try await store.revokeConsents(user: "ann", client: "app") == 2)
        #expect(try await store.consents(user: "ann").map(\.clientID) == ["other"])
        #expect(try await store.revokeConsents(user: "ann", client: nil) == 1)
        #expect(try await store.consents().map(\.user) == ["bob"])
    }
}
