import Foundation
import Probing
import Trace

/// Codes and refresh tokens at the token endpoint (RFC 6749 sections 4.1.3 and 6).
extension IssuerStimulusMaker {
    func redemption(_ how: String) async throws -> IssuerPlay {
        let app = try await desk.app()
        let code = try await desk.code(for: app)
        var ask = IssuerDesk.redemption(of: code)
        switch how {
        case "again", "refresh-token-of-the-first", "access-token-of-the-first":
            let first = try await wire.send(ask)
            guard first.token != nil else { throw BedError("the code is not taken the first time") }
            if how == "again" { break }
            if how == "access-token-of-the-first" { return try await access(after: ask, first) }
            _ = try await wire.send(ask)
            guard let refresh = first.text("refresh_token") else {
                throw SubjectGap(what: "refresh_token", why: "the issuer gives no refresh tokens to clients of users")
            }
            ask = IssuerDesk.refreshment(of: refresh, by: app)
        case "at-once": return IssuerPlay(atOnce: try await wire.send(ask, atOnce: 10).map { IssuerOutcome(token: $0) })
        case "other-client": ask.proof = try await desk.app("other-desk").proof
        case "other-redirect": ask.set("redirect_uri", "http://127.0.0.1/other")
        case "as-refresh-token": ask = IssuerDesk.refreshment(of: code.code, by: app)
        case "no-verifier": ask.set("code_verifier", nil)
        case "wrong-verifier": ask.set("code_verifier", AuthorizationAsk.newVerifier())
        case "challenge-as-verifier": ask.set("code_verifier", Self.challenge(code))
        case "plain-method":
            ask.set("code_verifier", Self.challenge(code))
            ask.parameters.append(("code_challenge_method", "plain"))
        case "short-verifier": ask.set("code_verifier", String(code.verifier.prefix(42)))
        case "long-verifier": ask.set("code_verifier", code.verifier + String(repeating: "a", count: 129 - code.verifier.count))
        case "other-resource": ask.set("resource", IssuerDesk.otherResource)
        case "late":
            let late = ask
            // Ten minutes are the most that RFC 6749 section 4.1.2 recommends.
            return try await ahead(660) { try await self.ask(late) }
        default: throw BedError("there is no redemption called \(how)")
        }
        return try await self.ask(ask)
    }

    /// What the access token of a code's first redemption is worth after the second.
    private func access(after ask: IssuerAsk, _ first: IssuerReply) async throws -> IssuerPlay {
        let token = first.token ?? ""
        guard try await desk.isActive(token) else { throw BedError("a token that was just issued is not active") }
        let second = try await wire.send(ask)
        return IssuerPlay(IssuerOutcome(second, isAccepted: try await desk.isActive(token), otherwise: "HTTP 200, and the token is over"))
    }

    private static func challenge(_ code: AuthorizationAsk.Code) -> String { AuthorizationAsk.challenge(of: code.verifier) }

    func refreshment(_ how: String) async throws -> IssuerPlay {
        let app = try await desk.app(how == "disabled-client" ? "ended-desk" : "desk")
        let scopes = how == "wider-scope" ? [IssuerDesk.scope] : IssuerDesk.userScopes
        let tokens = try await desk.tokens(for: app, scopes: scopes)
        var ask = IssuerDesk.refreshment(of: tokens.refresh, by: app)
        switch how {
        case "used-before", "newest-after-reuse":
            var newest = tokens.refresh
            // Used, and its successor too: no answer can have been lost on the way.
            for _ in 0..<3 { newest = try await desk.refreshed(newest, by: app).refresh }
            if how == "used-before" { break }
            _ = try await wire.send(ask)
            ask = IssuerDesk.refreshment(of: newest, by: app)
        case "at-once": return try await atOnce(ask, by: app)
        case "other-client": ask.proof = try await desk.app("other-desk").proof
        case "wider-scope": ask.parameters.append(("scope", IssuerDesk.userScopes.joined(separator: " ")))
        case "other-resource": ask.set("resource", IssuerDesk.otherResource)
        case "after-revocation": _ = try await wire.send(IssuerDesk.revocation(of: tokens.refresh, hint: "refresh_token", by: app))
        case "access-token": ask = IssuerDesk.refreshment(of: tokens.access, by: app)
        case "disabled-client": try await desk.disable(app)
        case "idle":
            let late = ask
            return try await ahead(400 * 86_400) { try await self.ask(late) }
        default: throw BedError("there is no refreshment called \(how)")
        }
        return try await self.ask(ask)
    }

    /// A client with two processes, or one that lost an answer: how many refresh tokens does it hold in the end that are good?
    private func atOnce(_ ask: IssuerAsk, by app: IssuerDesk.Client) async throws -> IssuerPlay {
        let replies = try await wire.send(ask, atOnce: 2)
        var alive = 0
        for token in Set(replies.compactMap { $0.text("refresh_token") }).sorted() {
            if try await wire.send(IssuerDesk.refreshment(of: token, by: app)).token != nil { alive += 1 }
        }
        var played = IssuerPlay(atOnce: replies.map { IssuerOutcome(token: $0) })
        played.counts = ["live-refresh-tokens": alive, "lost-sign-ins": alive == 0 ? 1 : 0]
        return played
    }
}
