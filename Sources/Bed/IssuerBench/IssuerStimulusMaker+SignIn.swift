import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Users who sign in with a password that is not theirs, and what they could learn from the refusal.
extension IssuerStimulusMaker {
    private static let stranger = "nobody-of-that-name"

    func signIn(_ how: String) async throws -> IssuerPlay {
        switch how {
        case "wrong-password": return IssuerPlay(try await refusal(of: nil))
        case "unknown-user": return IssuerPlay(try await refusal(of: Self.stranger))
        case "work": return try await work()
        default: throw BedError("there is no sign-in called \(how)")
        }
    }

    /// - Parameter user: Nil for the bed's one user.
    private func refusal(of user: String?) async throws -> IssuerOutcome {
        let app = try await desk.app()
        let ask = AuthorizationAsk(app)
        let path = try await desk.signIn(ask, as: user, password: TokenForge.randomIdentifier())
        var outcome = Self.outcome(path, of: ask, registered: app.redirectURI ?? "")
        let hidden = HTMLForm(firstIn: outcome.reply.body)?.hidden.map(\.1) ?? []
        let asked = ask.parameters.filter { $0.0 == "code_challenge" }.map(\.1)
        outcome.reply = outcome.reply.blanking(hidden + asked + [user ?? IssuerDesk.user])
        return outcome
    }

    /// How much the issuer works for each of the two, by turns. Time on the processors rather than time that passes: another load on the
    /// machine hardly changes it. The least of each counts, since something else may have come in between.
    private func work() async throws -> IssuerPlay {
        guard let session = session() else {
            throw SubjectGap(what: "work", why: "\(wire.world.issuer.id) was not started by the bed, which cannot see how much it works")
        }
        var last: IssuerOutcome?
        var least: [String?: Double] = [:]
        for _ in 0..<2 {
            for user in [Self.stranger, nil] {
                let before = SessionTime.seconds(session)
                last = try await refusal(of: user)
                least[user] = min(least[user] ?? .infinity, SessionTime.seconds(session) - before)
            }
        }
        guard let last, let few = least.values.min(), let many = least.values.max() else { return IssuerPlay() }
        return IssuerPlay(last, counts: ["uneven-refusals": many > 2 * few && many - few > Self.noticed ? 1 : 0])
    }

    /// Seconds of work that show from afar. What slows guessing down takes tens of milliseconds; everything else about a sign-in two or three.
    private static let noticed = 0.008
}
