import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Testing

@Suite("Guessing passwords and secrets at the endpoints")
struct BruteForceTests {
    private let issuer: TestIssuer
    private let clock = HandClock()
    private let query = TestIssuer.query()
    private let attacker = "192.0.2.66:1234"
    private let owner = "198.51.100.1:4321"

    init() async throws {
        issuer = try await TestIssuer()
    }

    private func endpoints() -> IssuerEndpoints {
        issuer.endpoints(bend: { $0.guesses = GuessLimits(clock: clock.read) })
    }

    private func token(_ endpoints: IssuerEndpoints, secret: String, from peer: String) async throws -> (Int, HTTPFields) {
        let credentials = Data("site:\(secret.replacing(" ", with: "+"))".utf8).base64EncodedString()
        let answer = try await endpoints.answer(
            IssuerRequest(
                method: "POST", path: "/oauth/revoke", authorization: ["Basic \(credentials)"],
                contentType: ["application/x-www-form-urlencoded"], id: "r", peer: peer
            ) { () throws(OAuthError) in Array("token=x".utf8) })
        return (answer.status.code, answer.headers)
    }

    @Test("Wrong secrets are throttled by where they come from; the client itself is served meanwhile, and from there after the pause")
    func clients() async throws {
        let endpoints = endpoints()
        var statuses: [Int] = []
        for number in 0..<1000 {
            statuses.append(try await token(endpoints, secret: "guess \(number)", from: attacker).0)
            if number % 100 == 0 { #expect(try await token(endpoints, secret: "secret of site", from: owner).0 == 200) }
        }
        #expect(statuses.prefix(10).allSatisfy { $0 == 401 })
        #expect(statuses.dropFirst(10).allSatisfy { $0 == 429 })
        let throttled = try await token(endpoints, secret: "secret of site", from: attacker)
        #expect(throttled.0 == 429)
        #expect(issuer.audit.last?.reason == .throttled)
        let seconds = try #require(throttled.1[.retryAfter].flatMap { Int($0) })
        #expect(seconds > 0)
        clock.advance(.seconds(seconds))
        #expect(try await token(endpoints, secret: "secret of site", from: attacker).0 == 200)
    }

    @Test("Wrong passwords are throttled by where they come from; the user logs in meanwhile, and from there after the pause")
    func users() async throws {
        let endpoints = endpoints()
        let bad = TestBrowser(endpoints, peer: attacker)
        var statuses: [Int] = []
        for _ in 0..<20 { statuses.append(try await bad.logIn(query, password: "wrong password").status) }
        #expect(statuses == Array(repeating: 403, count: 10) + Array(repeating: 429, count: 10))
        #expect(try await TestBrowser(endpoints, peer: owner).logIn(query).status == 303)
        let throttled = try await bad.logIn(query)
        #expect(throttled.status == 429)
        #expect(throttled.text.contains("Too many tries"))
        let seconds = try #require(throttled.headers[.retryAfter].flatMap { Int($0) })
        clock.advance(.seconds(seconds))
        #expect(try await bad.logIn(query).status == 303)
    }

    @Test("One password for many users is throttled too")
    func spraying() async throws {
        let bad = TestBrowser(endpoints(), peer: attacker)
        for number in 0..<100 { #expect(try await bad.logIn(query, as: "user\(number)", password: "password").status == 403) }
        #expect(try await bad.logIn(query, as: "another", password: "password").status == 429)
    }

    @Test("A client that is named and proves nothing guesses nothing")
    func names() async throws {
        let endpoints = endpoints()
        for _ in 0..<50 {
            let answer = try await endpoints.answer(
                IssuerRequest(
                    method: "POST", path: "/oauth/revoke", contentType: ["application/x-www-form-urlencoded"], id: "r", peer: attacker
                ) { () throws(OAuthError) in Array("token=x&client_id=site".utf8) })
            #expect(answer.status.code == 401)
        }
    }
}
