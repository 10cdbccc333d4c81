import Forging
import Foundation
import Probing
import Trace

/// Tokens that are given back (RFC 7009), and questions about them (RFC 7662). What counts is what a token is worth afterwards,
/// whatever the answer says.
extension IssuerStimulusMaker {
    func revocation(_ how: String) async throws -> IssuerPlay {
        _ = try await wire.endpoint("revocation_endpoint")
        switch how {
        case "refresh-token", "access-token-of-the-grant": return try await grantRevocation(how)
        case "unknown-token":
            let reply = try await wire.send(IssuerDesk.revocation(of: "of-nobody-and-for-nothing", by: try await desk.machine(baseline)))
            return IssuerPlay(IssuerOutcome(reply, isAccepted: reply.status == 200))
        default: break
        }
        let client = try await desk.machine(baseline)
        let token = try await desk.token(of: client)
        guard try await desk.isActive(token) else { throw BedError("a token that was just issued is not active") }
        var ask = IssuerDesk.revocation(of: token, by: client)
        switch how {
        case "access-token": break
        case "wrong-hint": ask.set("token_type_hint", "refresh_token")
        case "others-token": ask.proof = try await desk.machine("bob").proof
        case "no-authentication": ask.proof = .nothing
        case "wrong-secret": ask.proof = .header(client.id, secret: TokenForge.randomIdentifier())
        case "get": (ask.method, ask.inQuery, ask.mediaType) = ("GET", true, nil)
        default: throw BedError("there is no revocation called \(how)")
        }
        let reply = try await wire.send(ask)
        let isOver = try await !desk.isActive(token)
        let mayRevoke = ["access-token", "wrong-hint"].contains(how)
        return IssuerPlay(
            IssuerOutcome(
                reply, isAccepted: mayRevoke ? isOver && reply.status == 200 : isOver, otherwise: "HTTP 200, and the token is active still")
        )
    }

    private func grantRevocation(_ how: String) async throws -> IssuerPlay {
        let app = try await desk.app()
        let tokens = try await desk.tokens(for: app)
        let reply = try await wire.send(IssuerDesk.revocation(of: tokens.refresh, hint: "refresh_token", by: app))
        let isOver =
            how == "refresh-token"
            ? try await wire.send(IssuerDesk.refreshment(of: tokens.refresh, by: app)).token == nil
            : try await !desk.isActive(tokens.access)
        return IssuerPlay(
            IssuerOutcome(reply, isAccepted: reply.status == 200 && isOver, otherwise: "HTTP 200, and the token is good still"))
    }

    func introspection(_ how: String) async throws -> IssuerPlay {
        _ = try await wire.endpoint("introspection_endpoint")
        let client = try await desk.machine(how == "disabled-client" ? "ended" : baseline)
        let token = how == "unknown-token" ? "of-nobody-and-for-nothing" : try await desk.token(of: client)
        let asker = try await desk.asker()
        var ask = IssuerDesk.introspection(of: token, by: asker)
        switch how {
        case "right", "unknown-token": break
        case "no-authentication": ask.proof = .nothing
        case "wrong-secret": ask.proof = .header(asker.id, secret: TokenForge.randomIdentifier())
        case "public-client": ask.proof = try await desk.app().proof
        case "not-allowed": ask.proof = try await desk.machine("bob").proof
        case "others-token": ask.proof = try await desk.asker(IssuerDesk.otherResource).proof
        case "revoked-token": _ = try await wire.send(IssuerDesk.revocation(of: token, by: client))
        case "disabled-client":
            guard try await desk.isActive(token) else { throw BedError("a token that was just issued is not active") }
            try await desk.disable(client)
        case "expired-token":
            let late = ask
            return try await ahead(2 * 86_400) { IssuerPlay(Self.outcome(try await self.wire.send(late))) }
        default: throw BedError("there is no introspection request called \(how)")
        }
        return IssuerPlay(Self.outcome(try await wire.send(ask)))
    }

    /// A yes is an acceptance. A no says nothing more than that (RFC 7662 section 2.2).
    private static func outcome(_ reply: IssuerReply) -> IssuerOutcome {
        var outcome = IssuerOutcome(reply, isAccepted: reply.isActive, otherwise: "HTTP 200, not active")
        let members = reply.members
        if reply.status == 200, !reply.isActive, members.count != 1 || members["active"] as? Bool != false {
            outcome.amiss = "beside active:false it says \(members.keys.filter { $0 != "active" }.sorted().joined(separator: ", "))"
        }
        return outcome
    }
}
