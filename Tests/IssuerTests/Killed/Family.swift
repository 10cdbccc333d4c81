import Auth
import Foundation
import Issuer
import OAuth
import Store
import Testing

/// One user's grant as its client knows it: what it sent, and what was acknowledged.
struct Family: Sendable {
    enum Stage: Sendable {
        /// Nothing was sent yet.
        case fresh
        /// The code was sent, and no answer came.
        case redeeming
        /// There is a refresh token; a refresh may have been sent and not answered.
        case granted
        /// The end of the grant was asked for, and no answer came.
        case ending
        /// The end of the grant was acknowledged.
        case ended
    }

    let user: String
    let code: GrantBench.Code
    var stage = Stage.fresh
    var refresh = ""
    /// The newest acknowledged access tokens.
    var access: [String] = []

    /// A user, and the code that he sent his client with.
    init(in store: IssuerStore) async throws {
        user = UUID().uuidString
        var code = GrantBench.Code()
        code.record.user = user
        code.record.issuedAt = Date()
        code.record.expiresAt = Date(timeIntervalSinceNow: 600)
        self.code = code
        try await store.add(UserRecord(name: user, passwordHash: "none", createdAt: Date()))
        try await store.addCode(code.record)
    }

    /// Does what clients do, until no answer comes.
    mutating func live(with issuer: RemoteIssuer, _ tally: inout Tally) async throws {
        while stage != .ended {
            switch (stage, Int.random(in: 0..<24)) {
            case (.granted, 0): try await end(with: issuer, "/oauth/revoke", ["token": refresh, "client_id": "app"], status: 200, &tally)
            case (.granted, 1): try await end(with: issuer, "/oauth/token", code.form(), status: 400, &tally)
            case (.granted, _): guard try await exchange(with: issuer, &tally) else { return }
            default: guard try await redeem(with: issuer, &tally) else { return }
            }
            if stage == .ending { return }
        }
    }

    private mutating func redeem(with issuer: RemoteIssuer, _ tally: inout Tally) async throws -> Bool {
        stage = .redeeming
        guard let answer = try await issuer.post("/oauth/token", code.form()) else { return false }
        #expect(answer.status == 200, "a code that was not redeemed: \(answer.error ?? "")")
        take(answer)
        tally.redemptions += 1
        return true
    }

    private mutating func exchange(with issuer: RemoteIssuer, _ tally: inout Tally) async throws -> Bool {
        let form = ["grant_type": "refresh_token", "refresh_token": refresh, "client_id": "app"]
        guard let answer = try await issuer.post("/oauth/token", form) else { return false }
        #expect(answer.status == 200, "the newest refresh token: \(answer.error ?? "")")
        take(answer)
        tally.refreshes += 1
        return true
    }

    private mutating func end(
        with issuer: RemoteIssuer, _ path: String, _ form: [String: String], status: Int, _ tally: inout Tally
    ) async throws {
        stage = .ending
        guard let answer = try await issuer.post(path, form) else { return }
        #expect(answer.status == status)
        stage = .ended
        tally.ends += 1
    }

    private mutating func take(_ answer: RemoteIssuer.Answer) {
        stage = .granted
        refresh = answer.members["refresh_token"]?.string ?? ""
        access = (access + [answer.members["access_token"]?.string ?? ""]).suffix(3)
    }

    /// Looks whether a new issuer knows all that the killed one acknowledged.
    ///
    /// - Returns: Whether the family goes on; one that ended has been looked at for the last time.
    mutating func check(with issuer: RemoteIssuer, _ store: IssuerStore, _ tally: inout Tally) async throws -> Bool {
        #expect(try await store.grants(user: user).count <= 1, "a code was redeemed twice")
        switch stage {
        case .fresh: return true
        case .redeeming: return try await checkRedemption(with: issuer, store, &tally)
        case .granted:
            for token in access { #expect(try await isActive(token, issuer), "an acknowledged token") }
            if try await store.refreshState(hash: ClientSecret.hash(Secret(refresh)))?.token.usedAt != nil { tally.lostRefreshes += 1 }
            // The client whose answer was lost asks again, and is not signed out.
            #expect(try await exchange(with: issuer, &tally))
            return true
        case .ending, .ended:
            let form = ["grant_type": "refresh_token", "refresh_token": refresh, "client_id": "app"]
            let isOver = try await issuer.post("/oauth/token", form)?.error == "invalid_grant"
            #expect(isOver || stage == .ending, "an acknowledged end")
            for token in access { #expect(try await isActive(token, issuer) == !isOver, "tokens and their grant end together") }
            return false
        }
    }

    /// The client whose answer was lost asks again: either nothing had happened, or the code was redeemed for good.
    private mutating func checkRedemption(with issuer: RemoteIssuer, _ store: IssuerStore, _ tally: inout Tally) async throws -> Bool {
        guard try await store.code(hash: code.record.hash)?.redeemedAt != nil else { return try await redeem(with: issuer, &tally) }
        tally.lostRedemptions += 1
        let again = try await issuer.post("/oauth/token", code.form())
        #expect(again?.error == "invalid_grant")
        #expect(try await store.grants(user: user).count == 1)
        return false
    }

    private func isActive(_ token: String, _ issuer: RemoteIssuer) async throws -> Bool {
        try await issuer.post("/oauth/introspect", ["token": token], basic: "server:server-secret")?.members["active"] == .bool(true)
    }
}

/// What was acknowledged, and what was done though nobody heard of it.
struct Tally: Sendable, CustomStringConvertible {
    var redemptions = 0
    var refreshes = 0
    var ends = 0
    var lostRedemptions = 0
    var lostRefreshes = 0
    var rotations = 0
    var killedRotations = 0

    static func += (tally: inout Tally, other: Tally) {
        tally.redemptions += other.redemptions
        tally.refreshes += other.refreshes
        tally.ends += other.ends
        tally.lostRedemptions += other.lostRedemptions
        tally.lostRefreshes += other.lostRefreshes
        tally.rotations += other.rotations
        tally.killedRotations += other.killedRotations
    }

    var description: String {
        """
        acknowledged: \(redemptions) redemptions, \(refreshes) refreshes, \(ends) ends of grants, \(rotations) rotations; \
        committed without an answer: \(lostRedemptions) redemptions, \(lostRefreshes) refreshes; \
        \(killedRotations) rotations killed
        """
    }
}
