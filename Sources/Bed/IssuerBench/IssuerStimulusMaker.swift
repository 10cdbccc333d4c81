import Forging
import Foundation
import Probing
import Scenarios

/// Turns the words of a battery's case into requests to an issuer: the right one with exactly one thing different.
struct IssuerStimulusMaker: Sendable {
    let desk: IssuerDesk
    let wire: IssuerWire
    let clock: SubjectClock
    /// The client that acts for itself.
    let baseline: String
    let documents: ClientDocumentHost
    /// The session of the issuer's processes; nil where the bed has not started it.
    let session: @Sendable () -> Int?

    /// - Throws: `IssuerGap` where the issuer does not have what it takes, `BedError` where it does not let the bed get so far.
    func play(_ act: IssuerAct) async throws -> IssuerPlay {
        switch act.place {
        case .tokenRequest: try await tokenRequest(act.how)
        case .clientAuthentication: try await clientAuthentication(act.how)
        case .assertion: try await assertion(act.how)
        case .authorization: try await authorization(act.how)
        case .signIn: try await signIn(act.how)
        case .redemption: try await redemption(act.how)
        case .refreshment: try await refreshment(act.how)
        case .revocation: try await revocation(act.how)
        case .introspection: try await introspection(act.how)
        case .registration: try await registration(act.how)
        case .clientDocument: try await clientDocument(act.how)
        case .issued: try await issued(act.how)
        case .published: try await published(act.how)
        }
    }

    /// The right request of the same kind.
    func twin(of act: IssuerAct) async throws -> IssuerPlay {
        switch act.place {
        case .assertion: return try await assertion("right")
        case .authorization, .redemption, .signIn: return try await flow(of: try await desk.app())
        case .refreshment: return try await refresh()
        case .introspection: return try await introspection("right")
        case .clientDocument where act.how != "private-address": return try await clientDocument("right")
        case .registration where act.how != "many": return try await registration("right")
        // What everybody can read needs nobody's credential.
        case .published: return try await published("place")
        case .issued where act.isAboutUsers: return try await flow(of: try await desk.app())
        case .revocation where act.how == "refresh-token" || act.how == "access-token-of-the-grant": return try await refresh()
        default: return try await tokenRequest("right")
        }
    }

    /// From an authorization request to a token.
    private func flow(of client: IssuerDesk.Client) async throws -> IssuerPlay {
        IssuerPlay(IssuerOutcome(token: try await wire.send(IssuerDesk.redemption(of: try await desk.code(for: client)))))
    }

    private func refresh() async throws -> IssuerPlay {
        let app = try await desk.app()
        let tokens = try await desk.tokens(for: app)
        return IssuerPlay(IssuerOutcome(token: try await wire.send(IssuerDesk.refreshment(of: tokens.refresh, by: app))))
    }

    /// Sends a request for a token.
    func ask(_ ask: IssuerAsk) async throws -> IssuerPlay { IssuerPlay(IssuerOutcome(token: try await wire.send(ask))) }

    /// Plays something while the issuer's clock is that many seconds ahead.
    func ahead<Value>(_ seconds: Double, _ play: () async throws -> Value) async throws -> Value {
        try clock.set(offset: seconds)
        do {
            let value = try await play()
            try clock.set(offset: 0)
            return value
        } catch {
            try clock.set(offset: 0)
            throw error
        }
    }
}

extension IssuerAct {
    /// Whether what is looked at was issued to a client of users.
    fileprivate var isAboutUsers: Bool { ["state", "issuer", "see-other", "framing", "new-refresh-tokens"].contains(how) }
}
