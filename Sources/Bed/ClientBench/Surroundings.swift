import Forging
import Foundation
import Probing
import Scenarios
import Synchronization

/// Everything around a client under test, played by the bed: all of it right, or one thing different.
final class Surroundings: Sendable {
    /// What clients are told to reach.
    static let host = "localhost"

    /// What the client has been given.
    let credential: Credential
    let script: PeerScript
    private let certificates: PeerCertificates
    private let server: PeerPort
    private let right: PeerTLS
    /// Those beside the server: the issuer, somebody elsewhere, and the same without TLS.
    private let issuer: PeerPort
    private let elsewhere: PeerPort
    private let plain: PeerPort
    /// What the client's browser was told to show.
    private let shown: String

    init(credential: Credential, usesTokens: Bool, pki: CellPKI, folder: String, shown: String, now: Double) throws {
        (self.credential, self.shown) = (credential, shown)
        let script = PeerScript(credential: credential, usesTokens: usesTokens)
        certificates = PeerCertificates(pki: pki, folder: "\(folder)/pki/peers", credential: credential)
        right = try PeerTLS(try certificates.shown(.none, now))
        server = try PeerPort(.tls(right), answer: script.server)
        issuer = try PeerPort(.tls(right), answer: script.issuer)
        elsewhere = try PeerPort(.tls(right)) { request, _ in script.elsewhere(request, origin: script.origins.elsewhere) }
        plain = try PeerPort(.plain) { request, _ in script.elsewhere(request, origin: script.origins.plain) }
        self.script = script
        script.state.withLock {
            $0.origins.server = "https://\(Self.host):\(server.port)"
            $0.origins.issuer = "https://\(Self.host):\(issuer.port)"
            $0.origins.elsewhere = "https://\(Self.host):\(elsewhere.port)"
            $0.origins.plain = "http://\(Self.host):\(plain.port)"
        }
    }

    private var ports: [PeerPort] { [server, issuer, elsewhere, plain] }

    var url: String { script.origins.resource }

    func stop() { for port in ports { port.stop() } }

    // MARK: What is different

    /// Everything is right again.
    func restore() {
        script.state.withLock { ($0.change, $0.wanted, $0.hasRefused, $0.askedToWait) = (nil, nil, false, nil) }
        server.become(.tls(right), answer: script.server)
        issuer.become(.tls(right), answer: script.issuer)
    }

    /// One thing is different from now on.
    func change(_ change: PeerChange, now: Double) throws {
        restore()
        script.state.withLock { $0.change = change }
        switch change.part {
        case .tls:
            server.become(try certificates.manner(change.how, now), answer: script.server)
            if change.how.hasPrefix("asks") { script.state.withLock { $0.wanted = credential.thumbprint } }
        case .issuerTLS: issuer.become(try certificates.manner(change.how, now), answer: script.issuer)
        case .ownFiles:
            let thumbprint = try certificates.replaceFiles(change.how, now)
            server.become(try certificates.manner("asks", now), answer: script.server)
            script.state.withLock { $0.wanted = thumbprint }
        case .metadata where change.startsAnew:
            // Whoever wants to be asked has the client need a token first.
            script.state.withLock { $0.tokens = [] }
        case .server, .metadata, .tokenEndpoint, .login: break
        }
    }

    // MARK: What was seen

    /// What reached the bed since the last time.
    struct Seen: Sendable {
        /// Whether anything was said to the server, beyond TLS.
        var wasTold = false
        /// The same to the issuer.
        var issuerWasTold = false
        /// Whether a secret arrived at the server.
        var secretArrived = false
        /// Whether a secret arrived where it does not belong.
        var leaked = false
        /// Whether a secret or a code went to a token endpoint.
        var asked = false
        /// Whether a tool was called, or the tools were listed, with a credential that is good.
        var toolWasCalled = false
        /// Whether somebody was asked who is none of the client's concern.
        var othersWereReached = false
        /// Whether the browser was told to show an address that is not the issuer's.
        var othersWereShown = false
        var alert: Int?
        /// By the names of `Battery.clientCounts`.
        var counts: [String: Int] = [:]
    }

    /// - Parameter gaveUp: Whether the client was given up, so that what is left of it must not be waited for.
    func seen(gaveUp: Bool) async -> Seen {
        for port in ports {
            if gaveUp { port.cutAll() }
            await port.settle()
        }
        var seen = Seen()
        for visit in server.takeVisits() { note(visit, &seen) }
        for visit in issuer.takeVisits() {
            seen.counts["connections", default: 0] += 1
            seen.issuerWasTold = seen.issuerWasTold || visit.octets > 0
            guard let request = visit.request else { continue }
            if request.path == "/token" {
                seen.counts["token-requests", default: 0] += 1
                seen.asked = seen.asked || script.reveals(request)
            }
        }
        for visit in elsewhere.takeVisits() + plain.takeVisits() {
            seen.othersWereReached = true
            guard let request = visit.request, script.reveals(request) else { continue }
            seen.leaked = true
            seen.asked = true
        }
        seen.othersWereShown = takeShown().contains { !$0.hasPrefix(script.origins.issuer + "/") }
        let noted = script.state.withLock { state in
            defer { state.counts = [:] }
            return state.counts
        }
        seen.counts.merge(noted) { $0 + $1 }
        return seen
    }

    /// The addresses that the browser was told to show since the last time.
    private func takeShown() -> [Substring] {
        guard let text = try? String(contentsOfFile: shown, encoding: .utf8) else { return [] }
        try? FileManager.default.removeItem(atPath: shown)
        return text.split(separator: "\n")
    }

    private func note(_ visit: PeerVisit, _ seen: inout Seen) {
        seen.counts["connections", default: 0] += 1
        seen.wasTold = seen.wasTold || visit.octets > 0
        seen.alert = visit.alert ?? seen.alert
        guard let request = visit.request else { return }
        if script.reveals(request) { seen.secretArrived = true }
        // Anywhere but in the field that is made for it (RFC 6750 section 2).
        var rest = request
        rest.headers.removeAll { $0.isNamed("Authorization") }
        if script.reveals(rest) { seen.counts["misplaced-secrets", default: 0] += 1 }
        guard PeerServer.method(of: request)?.hasPrefix("tools/") ?? false else { return }
        seen.counts["tool-calls", default: 0] += 1
        if script.isAuthorized(request, visit) { seen.toolWasCalled = true }
    }
}
