import Foundation
import Probing
import Scenarios

/// Replaces what verifies credentials, and has the subjects look at it.
struct Renewal: Sendable {
    /// How long a server may take until it shows its new certificate, in seconds.
    private static let patience = 3.0

    let stage: Stage
    private var world: CellWorld { stage.world }

    /// - Parameter caller: Whose connections show which certificate the server has.
    /// - Throws: `BedError` where the renewal itself fails; a server that takes no notice is for the judge.
    func run(_ what: Verb.Renewable, overlap: Double?, as caller: Credential?) async throws {
        let now = world.clock.now
        switch what {
        case .signingKey:
            let overlap = overlap.map { ["\(Int($0))s"] } ?? []
            _ = try await world.issuerHook("renew-signing-key").run(world.placeholders(["overlap": overlap], role: .issuer))
        case .serverCertificate:
            world.countCommand()
            let thumbprint = try world.pki.renewServerCertificate(now: now)
            world.renewed(serverCertificate: thumbprint)
            stage.reload()
            try await awaitCertificate(thumbprint, as: caller)
        case .authorityAdded:
            world.countCommand()
            try world.pki.addAuthority(now: now)
            stage.reload()
            try await awaitIssuer()
        case .authorityRemoved:
            world.countCommand()
            try world.pki.removeAuthority(now: now)
            stage.reload()
        }
    }

    /// Until the issuer lets in whom the new authority vouches for, where it asks for certificates: tokens are bound to them.
    private func awaitIssuer() async throws {
        guard let url = world.issuerURL, stage.cell.scheme.binding == "certificate" else { return }
        let scout = try world.pki.issueClient(name: "scout", principal: "scout", lifetime: 86400, now: world.clock.now)
        let probe = Probe(ca: world.pki.ca, identity: scout.identity)
        let request = ProbeRequest(method: "GET", url: url + "/.well-known/oauth-authorization-server", headers: [], body: [])
        let end = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < end {
            if case .response = await probe.send(request, over: .newConnection).outcome { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Opens one connection after another until the server shows that certificate, or patience ends.
    private func awaitCertificate(_ thumbprint: String, as caller: Credential?) async throws {
        let probe = Probe(ca: world.pki.ca, identity: caller?.identity)
        let request = ProbeRequest(method: "GET", url: world.serverURL, headers: [], body: [])
        let end = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < end {
            if await probe.send(request, over: .newConnection).serverThumbprint == thumbprint { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

extension Subject.ReloadSignal {
    var number: Int32 {
        switch self {
        case .hangUp: SIGHUP
        case .user1: SIGUSR1
        case .user2: SIGUSR2
        }
    }
}
