import Auth
import Foundation
import OAuth
import Store
import Testing

@Suite("Issuer store")
struct IssuerStoreTests {
    private let file: TemporaryStore

    init() throws {
        file = try TemporaryStore()
    }

    private let alice = ClientRecord(
        id: "alice", scopes: ["mcp:read", "mcp:write"], resources: ["https://a.example/", "https://b.example/"], tokenLifetime: 60,
        mayIntrospect: true, createdAt: start)

    private func token(_ hash: UInt8, secret: Int64 = 1, expires: Date = later(60)) -> TokenRecord {
        TokenRecord(
            hash: [UInt8](repeating: hash, count: 32), jti: "jti-\(hash)", clientID: "alice", secretID: secret, scopes: ["mcp:read"],
            audience: "https://a.example/", issuedAt: start, expiresAt: expires)
    }

    @Test("A client reads back as it was added, in another process's store too")
    func client() async throws {
        try await file.open().add(alice, secretHash: [1, 2, 3])
        let read = try #require(try await file.open().registration("alice"))
        #expect(read.client == alice)
        #expect(read.secrets == [ClientSecretRecord(id: 1, hash: [1, 2, 3], createdAt: start)])
        #expect(try await file.open().registration("bob") == nil)
    }

    @Test("Many that make the same store at once make one, and nobody loses what was acknowledged")
    func madeAtOnce() async throws {
        for _ in 0..<5 {
            let file = try TemporaryStore()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let client = ClientRecord(id: "client-\(number)", scopes: ["mcp:read"], createdAt: start)
                        try await file.open().add(client, secretHash: [UInt8(number)])
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await file.open().registrations().map(\.client.id) == (0..<8).map { "client-\($0)" })
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("A client of users reads back with all that it has")
    func clientOfUsers() async throws {
        var app = alice
        app.authentication = .none
        app.name = "Desk app"
        app.redirectURIs = ["http://127.0.0.1/callback", "https://a.example/callback?x=1"]
        app.grantTypes = ["authorization_code", "refresh_token"]
        app.origin = .dynamic
        app.applicationType = "native"
        app.certificateThumbprint = "thumb"
        app.binding = .dpop
        try await file.open().add(app, secretHash: nil)
        #expect(try await file.open().registration("alice") == ClientRegistration(client: app, secrets: []))
    }

    @Test("A client that describes itself is replaced whole, and stays disabled and as old as it is")
    func replaced() async throws {
        let store = try file.open()
        var app = alice
        app.origin = .metadataDocument
        try await store.replaceClient(app)
        _ = try await store.disable("alice", now: later(1))
        var new = app
        (new.name, new.scopes, new.createdAt) = ("New", ["mcp:read"], later(5))
        try await store.replaceClient(new)
        (new.createdAt, new.disabledAt) = (start, later(1))
        #expect(try await store.registration("alice")?.client == new)
        new.origin = .registered
        await #expect(throws: IssuerStoreError.clientExists("alice")) { try await store.replaceClient(new) }
    }

    @Test("A grant that ended long ago is forgotten with its code and tokens when others are given")
    func forgettingGrants() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        func give(_ number: UInt8, at moment: Date) async throws {
            let id = "grant-\(number)"
            let code = CodeRecord(
                hash: [number], clientID: "alice", user: "u", redirectURI: "https://a.example/", challenge: "c", scopes: ["mcp:read"],
                audience: "https://a.example/", issuedAt: moment, expiresAt: moment.addingTimeInterval(60))
            try await store.addCode(code)
            var access = token(number, expires: moment.addingTimeInterval(60))
            access.grantID = id
            let grant = GrantRecord(
                id: id, clientID: "alice", user: "u", scopes: ["mcp:read"], audience: "https://a.example/", createdAt: moment,
                expiresAt: moment.addingTimeInterval(60))
            let refresh = RefreshTokenRecord(
                hash: [number], grantID: id, generation: 1, successorKey: Secret([]), issuedAt: moment,
                expiresAt: moment.addingTimeInterval(60))
            let redemption = IssuerStore.Redemption(grant: grant, access: access, refresh: refresh)
            #expect(try await store.redeem(code: [number], for: redemption, now: moment) { _ in .redeem } == .redeem)
        }
        try await give(1, at: start)
        try await give(2, at: later(40_000))
        #expect(try await store.grants().map(\.id) == ["grant-1", "grant-2"])
        try await give(3, at: later(86_400 + 61))
        #expect(try await store.grants(user: "u").map(\.id) == ["grant-2", "grant-3"])
        #expect(try await store.refreshState(hash: [1]) == nil)
        #expect(try await store.code(hash: [1]) == nil)
        #expect(try await store.tokenState(hash: token(1).hash) == nil)
        #expect(try await store.refreshState(hash: [2])?.grant.id == "grant-2")
    }

    @Test("What is decided on a code or refresh token that nobody knows is nothing")
    func unknown() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        let grant = GrantRecord(
            id: "g", clientID: "alice", user: "u", scopes: [], audience: "https://a.example/", createdAt: start, expiresAt: later(60))
        let redemption = IssuerStore.Redemption(grant: grant, access: token(1), refresh: nil)
        #expect(try await store.redeem(code: [9], for: redemption, now: start) { _ in .redeem } == .refuse)
        let next = RefreshTokenRecord(
            hash: [8], grantID: "g", generation: 2, successorKey: Secret([]), issuedAt: start, expiresAt: later(60))
        #expect(try await store.rotate(refresh: [9], to: next, access: token(1), now: start) { _ in .rotate } == .refuse)
        #expect(try await store.grants().isEmpty)
        #expect(try await store.tokenState(hash: token(1).hash) == nil)
        await #expect(throws: IssuerStoreError.noSuchGrant("g")) { try await store.revokeGrant("g", now: start) }
    }

    @Test("A second client by the same name is refused, and changes nothing")
    func twice() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        await #expect(throws: IssuerStoreError.clientExists("alice")) { try await store.add(alice, secretHash: [2]) }
        #expect(try await store.registration("alice")?.secrets.map(\.hash) == [[1]])
    }

    @Test("Rotation ends every older secret with the overlap, and an end that is nearer stays")
    func rotation() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        _ = try await store.rotateSecret(of: "alice", newHash: [2], overlapEnd: later(10), now: start)
        let registration = try await store.rotateSecret(of: "alice", newHash: [3], overlapEnd: later(100), now: later(1))
        #expect(registration.secrets.map(\.hash) == [[1], [2], [3]])
        #expect(registration.secrets.map(\.validUntil) == [later(10), later(100), nil])
        await #expect(throws: IssuerStoreError.noSuchClient("bob")) {
            try await store.rotateSecret(of: "bob", newHash: [9], overlapEnd: start, now: start)
        }
    }

    @Test("Retiring withdraws every secret but the newest, once")
    func retire() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        await #expect(throws: IssuerStoreError.nothingToRetire("alice")) { try await store.retireSecrets(of: "alice", now: start) }
        _ = try await store.rotateSecret(of: "alice", newHash: [2], overlapEnd: later(10), now: start)
        #expect(try await store.retireSecrets(of: "alice", now: later(1)) == 1)
        #expect(try await store.registration("alice")?.secrets.map(\.retiredAt) == [later(1), nil])
        await #expect(throws: IssuerStoreError.nothingToRetire("alice")) { try await store.retireSecrets(of: "alice", now: later(2)) }
    }

    @Test("A disabled client stays disabled since the first time")
    func disable() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        #expect(try await store.disable("alice", now: later(1)) == later(1))
        #expect(try await store.disable("alice", now: later(2)) == later(1))
        await #expect(throws: IssuerStoreError.noSuchClient("bob")) { try await store.disable("bob", now: start) }
    }

    @Test("A token is known by its hash, with its client and secret, until it is revoked and after")
    func tokens() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        try await store.record(token(7))
        let other = try file.open()
        #expect(try await other.tokenState(hash: token(7).hash)?.token == token(7))
        #expect(try await other.tokenState(hash: token(7).hash)?.client == alice)
        #expect(try await other.tokenState(hash: token(8).hash) == nil)
        try await other.revokeToken(hash: token(7).hash, now: later(5))
        try await other.revokeToken(hash: token(7).hash, now: later(6))
        #expect(try await store.tokenState(hash: token(7).hash)?.token.revokedAt == later(5))
    }

    @Test("A token that expired more than a day ago is forgotten when others are issued")
    func forgetting() async throws {
        let store = try file.open()
        try await store.add(alice, secretHash: [1])
        try await store.record(token(1, expires: later(-86_401)))
        try await store.record(token(2, expires: later(-86_399)))
        try await store.record(token(3))
        #expect(try await store.tokenState(hash: token(1).hash) == nil)
        #expect(try await store.tokenState(hash: token(2).hash) != nil)
    }

    @Test("A new signing key signs at once, and the old ones stay for the overlap")
    func signingKeys() async throws {
        let store = try file.open()
        func key(_ kid: String) -> SigningKeyRecord {
            SigningKeyRecord(kid: kid, algorithm: "ES256", privateKey: Secret("pem-\(kid)"), createdAt: start)
        }
        try await store.addSigningKeyIfNone(key("a"))
        try await store.addSigningKeyIfNone(key("b"))
        #expect(try await store.signingKeys(at: start).map(\.kid) == ["a"])
        #expect(try await store.rotateSigningKey(to: key("c"), overlapEnd: later(10), now: start) == ["a"])
        let other = try file.open()
        #expect(try await other.signingKeys(at: later(9)).map(\.kid) == ["c", "a"])
        #expect(try await other.signingKeys(at: later(10)).map(\.kid) == ["c"])
        #expect(try await other.allSigningKeys().map(\.publishedUntil) == [nil, later(10)])
        #expect(try await other.allSigningKeys().map { $0.privateKey.reveal() } == ["pem-c", "pem-a"])
    }

    @Test("The file is readable by its owner only, and something else than a store is refused")
    func fileItself() throws {
        _ = try file.open()
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let wrong = file.path + ".txt"
        try String(repeating: "not a database\n", count: 100).write(toFile: wrong, atomically: true, encoding: .utf8)
        #expect(throws: IssuerStoreError.self) { try IssuerStore(path: wrong) }
        #expect(throws: IssuerStoreError.self) { try IssuerStore(path: file.path + "/inside") }
    }
}
