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

    /// - Throws: `SubjectGap` where the issuer does not have what it takes, `BedError` where it does not let the bed get so far.
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

    /// The right request of a kind.
    func twin(_ kind: IssuerAct.Twin) async throws -> IssuerPlay {
        switch kind {
        case .assertion: try await assertion("right")
        case .flow: try await flow(of: try await desk.app())
        case .refreshment: try await refresh()
        case .introspection: try await introspection("right")
        case .clientDocument: try await clientDocument("right")
        case .registration: try await registration("right")
        case .published: try await published("place")
        case .tokenRequest: try await tokenRequest("right")
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
    /// What the right request is that stands beside the bent one.
    enum Twin { case tokenRequest, assertion, flow, refreshment, introspection, clientDocument, registration, published }

    var twin: Twin {
        switch place {
        case .assertion: .assertion
        case .authorization, .redemption, .signIn: .flow
        case .refreshment: .refreshment
        case .introspection: .introspection
        case .clientDocument where how != "private-address": .clientDocument
        case .registration where how != "many": .registration
        // What everybody can read needs nobody's credential.
        case .published: .published
        case .issued where isAboutUsers: .flow
        case .revocation where how == "refresh-token" || how == "access-token-of-the-grant": .refreshment
        default: .tokenRequest
        }
    }

    /// Whether what is looked at was issued to a client of users.
    private var isAboutUsers: Bool { ["state", "issuer", "announced-issuer", "see-other", "framing", "new-refresh-tokens"].contains(how) }
}
