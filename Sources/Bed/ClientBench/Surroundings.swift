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
    private let pki: CellPKI
    private let folder: String
    private let server: PeerPort
    private let right: PeerTLS

    private struct State {
        var change: PeerChange?
        /// The certificate that callers must show; nil where none is asked for.
        var wanted: String?
        /// The newest that the client has been given, where that is not its first.
        var latest: String?
    }
    private let state = Mutex(State())

    init(credential: Credential, pki: CellPKI, folder: String, now: Double) throws {
        (self.credential, self.pki, self.folder) = (credential, pki, "\(folder)/peers")
        let identity = try pki.forgeServer(.none, host: Self.host, now: now, into: self.folder)
        right = try PeerTLS(identity)
        server = try PeerPort(.tls(right)) { _, _ in .status(503) }
        restore()
    }

    var url: String { "https://\(Self.host):\(server.port)/mcp" }

    func stop() { server.stop() }

    // MARK: What is different

    /// Everything is right again.
    func restore() {
        state.withLock { ($0.change, $0.wanted) = (nil, nil) }
        server.become(.tls(right)) { [weak self] in self?.serve($0, $1) ?? .cut }
    }

    /// One thing is different from now on.
    func change(_ change: PeerChange, now: Double) throws {
        restore()
        state.withLock { $0.change = change }
        switch change.part {
        case .tls: server.become(try manner(change.how, now)) { [weak self] in self?.serve($0, $1) ?? .cut }
        case .ownFiles:
            let thumbprint = try replaceFiles(change.how, now)
            server.become(try manner("asks", now)) { [weak self] in self?.serve($0, $1) ?? .cut }
            state.withLock { $0.wanted = thumbprint }
        }
        if change.how.hasPrefix("asks") { state.withLock { $0.wanted = credential.thumbprint } }
    }

    /// Puts another certificate and key in the place of the client's own, or leaves them half written.
    ///
    /// - Returns: Which certificate the client has then.
    private func replaceFiles(_ how: String, _ now: Double) throws -> String? {
        guard let own = credential.identity else { throw BedError("\(credential.name) has no certificate to replace") }
        if how == "half-written" {
            // As a writer leaves it that does not rename: the certificate of one pair, and the key of none.
            try Data().write(to: URL(fileURLWithPath: own.key))
            return state.withLock { $0.latest } ?? credential.thumbprint
        }
        let next = try pki.issueClient(
            name: "\(credential.name)-\(UInt32.random(in: 0...UInt32.max))", principal: credential.principal, lifetime: 86_400, now: now)
        for (new, old) in [(next.identity.certificate, own.certificate), (next.identity.key, own.key)] {
            let data = try Data(contentsOf: URL(fileURLWithPath: new))
            try data.write(to: URL(fileURLWithPath: old), options: how == "replaced" ? [.atomic] : [])
        }
        state.withLock { $0.latest = next.thumbprint }
        return next.thumbprint
    }

    private func manner(_ how: String, _ now: Double) throws -> PeerManner {
        func shown(
            _ fault: ServerFault = .none, _ versions: (PeerTLS.Version, PeerTLS.Version) = (.tls12, .tls13), asks: PeerTLS.Asks = .no
        ) throws -> PeerManner {
            let identity = try pki.forgeServer(fault, host: Self.host, now: now, into: folder)
            return .tls(try PeerTLS(identity, versions: versions, asks: asks))
        }
        switch how {
        case "tls-1.0": return try shown(.none, (.tls10, .tls10))
        case "tls-1.1": return try shown(.none, (.tls11, .tls11))
        case "no-tls": return .plain
        case "cut": return .cut
        case "asks": return try shown(asks: .any(names: nil))
        case "asks-by-name": return try shown(asks: .any(names: pki.clientCA))
        case "takes-other-authorities": return try shown(asks: .issued(by: pki.named("lookalike-root").certificate))
        default:
            guard let fault = ServerFault(rawValue: how) else { throw BedError("no server is wrong by '\(how)'") }
            return try shown(fault)
        }
    }

    // MARK: What is answered

    private func serve(_ request: PeerRequest, _ visit: PeerVisit) -> PeerReply {
        guard isAuthorized(request, visit) else {
            return .json(401, #"{"error":"unauthorized"}"#, [ProbeHeader(name: "WWW-Authenticate", value: "Bearer")])
        }
        return PeerServer.answer(request)
    }

    private func isAuthorized(_ request: PeerRequest, _ visit: PeerVisit) -> Bool {
        if let wanted = state.withLock({ $0.wanted }), visit.thumbprint != wanted { return false }
        guard let authorization = credential.authorization else { return true }
        return request.headers.filter { $0.isNamed("Authorization") }.map(\.value) == [authorization]
    }

    // MARK: What was seen

    /// What reached the bed since the last time.
    struct Seen: Sendable {
        var connections = 0
        /// Whether anything was said over a connection, beyond TLS.
        var wasTold = false
        var secretArrived = false
        /// Whether a tool was called with the right credential.
        var toolWasCalled = false
        var alert: Int?
    }

    /// - Parameter gaveUp: Whether the client was given up, so that what is left of it must not be waited for.
    func seen(gaveUp: Bool) async -> Seen {
        if gaveUp { server.cutAll() }
        await server.settle()
        var seen = Seen()
        for visit in server.takeVisits() {
            seen.connections += 1
            seen.wasTold = seen.wasTold || visit.octets > 0
            seen.alert = visit.alert ?? seen.alert
            guard let request = visit.request else { continue }
            if credential.secrets.contains(where: request.text.contains) { seen.secretArrived = true }
            if PeerServer.method(of: request) == "tools/call", isAuthorized(request, visit) { seen.toolWasCalled = true }
        }
        return seen
    }
}
