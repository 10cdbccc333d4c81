import Auth
import Foundation
import Issuer
import OAuth
import Store
import Synchronization
import Testing

@Suite("Administration of users and consents")
struct PeopleAdministrationTests {
    private let issuer: TestIssuer
    private let administration: IssuerAdministration
    private let query = TestIssuer.query()

    init() async throws {
        issuer = try await TestIssuer()
        administration = IssuerAdministration(store: issuer.store, now: start, audit: issuer.audit)
    }

    @Test("A password that is made lets its user in, is shown once, and is in no record")
    func generated() async throws {
        let password = try #require(try await administration.addUser("cleo", password: nil)).reveal()
        #expect(password.utf8.count == 22)
        #expect(try await TestBrowser(issuer.endpoints()).logIn(query, as: "cleo", password: password).status == 303)
        #expect(try await issuer.store.user("cleo")?.passwordHash.hasPrefix("$scrypt$ln=15,r=8,p=1$") == true)
        let next = try #require(try await administration.setPassword(of: "cleo", to: nil)).reveal()
        #expect(next != password)
        #expect(try await TestBrowser(issuer.endpoints()).logIn(query, as: "cleo", password: password).status == 403)
        let trail = issuer.audit.records.withLock { "\($0)" }
        #expect(!trail.contains(password) && !trail.contains(next))
        #expect(trail.contains("user added") && trail.contains("password set"))
    }

    @Test("A password costs what the configuration says when it is set, and one at another cost still lets its user in")
    func cost() async throws {
        let administration = IssuerAdministration(
            store: issuer.store, now: start, audit: issuer.audit, passwordCost: PasswordHash.Cost(rounds: 11, blockSize: 8, parallelism: 1))
        let password = try #require(try await administration.addUser("cleo", password: nil)).reveal()
        #expect(try await issuer.store.user("cleo")?.passwordHash.hasPrefix("$scrypt$ln=11,r=8,p=1$") == true)
        #expect(try await TestBrowser(issuer.endpoints()).logIn(query, as: "cleo", password: password).status == 303)
    }

    @Test("Names and passwords that nobody should have are refused, and change nothing")
    func unusable() async throws {
        for name in ["", "x y", "a<b", "\u{E9}", String(repeating: "x", count: 65)] {
            await #expect(throws: UnusableUser.self) { try await administration.addUser(name, password: Secret("long enough")) }
        }
        for password in ["", "short12", "with a \0 inside", String(repeating: "x", count: 1025)] {
            await #expect(throws: UnusableUser.self) { try await administration.addUser("dora", password: Secret(password)) }
            await #expect(throws: UnusableUser.self) { try await administration.setPassword(of: "ann", to: Secret(password)) }
        }
        #expect(try await issuer.store.users().map(\.name) == ["ann", "bob"])
        #expect(try await TestBrowser(issuer.endpoints()).logIn(query).status == 303)
    }

    /// The access token for a code that the user gave.
    private func token(_ endpoints: IssuerEndpoints, _ browser: TestBrowser) async throws -> String {
        _ = try await browser.logIn(query)
        let code = try #require(try await browser.decide(query).returned["code"])
        let body = "grant_type=authorization_code&code=\(code)&code_verifier=\(TestIssuer.verifier.reveal())"
        let answer = try await endpoints.answer(
            IssuerRequest(
                method: "POST", path: "/oauth/token", authorization: ["Basic " + Data("site:secret+of+site".utf8).base64EncodedString()],
                contentType: ["application/x-www-form-urlencoded"], id: "r"
            ) { () throws(OAuthError) in Array(body.utf8) })
        return try #require(try OAuth.StrictJSON.parseObject(answer.body)["access_token"]?.string)
    }

    private func isActive(_ token: String) async throws -> Bool {
        let state = try await issuer.store.tokenState(hash: ClientSecret.hash(Secret(token)))
        guard case .passed = await TokenStateChecks.all.verify(TokenEvidence(state: state, asker: nil), at: start) else { return false }
        return true
    }

    @Test("A consent taken back ends its tokens and codes, is asked for again, and spares another user's")
    func revokeConsent() async throws {
        let endpoints = issuer.endpoints()
        let browser = TestBrowser(endpoints)
        let token = try await token(endpoints, browser)
        let code = try #require(try await browser.get(query).returned["code"])
        #expect(try await isActive(token))
        let others = try await administration.revokeConsents(of: "bob", client: nil)
        #expect(others.consents == 0 && others.grants == 0)
        #expect(try await isActive(token))
        let revoked = try await administration.revokeConsents(of: "ann", client: "site")
        #expect(revoked.consents == 1 && revoked.grants == 1)
        #expect(try await !isActive(token))
        #expect(try await issuer.store.code(hash: ClientSecret.hash(Secret(code))) == nil)
        #expect(try await browser.get(query).isConsent)
        await #expect(throws: IssuerStoreError.noSuchUser("eve")) { try await administration.revokeConsents(of: "eve", client: nil) }
    }

    @Test("A disabled user's tokens end and stay ended when the user is enabled again")
    func disable() async throws {
        let endpoints = issuer.endpoints()
        let browser = TestBrowser(endpoints)
        let token = try await token(endpoints, browser)
        _ = try await administration.disableUser("ann")
        #expect(try await !isActive(token))
        try await administration.enableUser("ann")
        #expect(try await !isActive(token))
        #expect(try await browser.get(query).isLogin)
        #expect(try await browser.logIn(query).status == 303)
    }
}
