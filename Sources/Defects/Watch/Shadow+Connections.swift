import Auth
import Foundation
import MutualTLS
import NIOSSL
import Server
import Serving
import Synchronization
import X509

/// What a defect would have made of connections. Nobody hands over the certificates of a handshake that failed, so that another
/// judge of chains counts as acting there; where one succeeded, he is asked with what the right judge has verified.
extension Shadow {
    struct Connections {
        /// In what the settings differ, as they were read last.
        var settings = SettingsDifference()
        /// How often they were read.
        var readings = 0
        /// Whether the handshake would have come out otherwise, by connection.
        var verdicts: [String: Bool] = [:]
        /// What the judge of chains said, by certificate, generation of the trust, and second.
        var opinions: [String: Bool] = [:]
    }

    var watchesConnections: Bool { [.tls, .chainJudge, .limits, .auditHandshake].contains(where: watches) }

    /// Whether no limit is another one, except that handshakes may take longer.
    var hasOnlyMorePatience: Bool {
        var limits = bent.limits
        limits.handshake = right.limits.handshake
        return limits == right.limits && bent.limits.handshake > right.limits.handshake
    }

    func read(_ moment: SettingsMoment) throws {
        guard let tls = bent.tls else { return acts() }
        let replay = Replay(moment)
        let settings = try Replay.$current.withValue(replay) { try tls() }
        if replay.differs { acts() }
        let difference = SettingsDifference(between: moment.settings, and: settings)
        connections.withLock { connections in
            connections.readings += 1
            connections.settings = difference
            // Whose anchors were others before is known by them for as long as the connection lasts.
            if connections.readings > 1, difference.anchors != nil { connections.settings.isAnother = true }
        }
    }

    func connection(of request: ServerRequest, at now: Date) async {
        guard watches(.tls) || watches(.chainJudge), !request.isOnHealthListener, ConnectionPeer.current != nil else { return }
        let name = "\(request.peer ?? "") \(request.certificate?.thumbprint ?? "")"
        let known = connections.withLock { $0.verdicts[name] }
        let verdict: Bool
        if let known { verdict = known } else { verdict = await wouldHaveMadeAnother(request, at: now) }
        connections.withLock { $0.verdicts[name] = verdict }
        if verdict { acts() }
    }

    private func wouldHaveMadeAnother(_ request: ServerRequest, at now: Date) async -> Bool {
        let settings = connections.withLock { $0.settings }
        if settings.isAnother || settings.refusesVersions { return true }
        guard let certificate = request.certificate else { return false }
        if let anchors = settings.anchors {
            let rule = ChainRule(right.trust, maximumLength: right.configuration.tls?.maxChain ?? 5)
            guard let anchor = await rule.verdict(on: certificate, handshake: request.handshake, at: now).anchor,
                anchors.contains(anchor)
            else { return true }
        }
        guard members.contains(.chainJudge), let judge = bent.chainJudge else { return false }
        return !accepts(certificate, judge, at: now)
    }

    private func accepts(_ certificate: PeerCertificate, _ judge: TLSContexts.ChainJudge, at now: Date) -> Bool {
        let name = "\(certificate.thumbprint) \(right.trust.current.generation) \(Int(now.timeIntervalSince1970))"
        if let opinion = connections.withLock({ $0.opinions[name] }) { return opinion }
        guard
            let chain = try? ([certificate.certificate] + (certificate.issuers ?? [])).map({
                try NIOSSLCertificate(bytes: $0.der, format: .der)
            })
        else { return false }
        let replay = Replay(())
        let accepts = Replay.$current.withValue(replay) { judge(chain) } && !replay.hasActed
        connections.withLock { $0.opinions[name] = accepts }
        return accepts
    }

    func handshake(_ moment: HandshakeMoment) async {
        let end = HandshakeEnd(moment.record)
        let settings = connections.withLock { $0.settings }
        if members.contains(.chainJudge), end == .certificate || end == .other { acts() }
        if settings.mayChange(end) { acts() }
        if members.contains(.limits), end == .deadline || end == .other { acts() }
        guard watches(.auditHandshake) else { return }
        // On a busy machine the time is up before it shows what else was wrong.
        if end == .deadline { return acts() }
        await ask(moment) {
            await bent.auditHandshake(moment.record)
        } isLike: { _ in
            true
        }
    }
}

/// Why a handshake failed, as far as it takes to tell who might have let it pass.
enum HandshakeEnd {
    /// The client's certificate, or its chain; or there was none.
    case certificate, noCertificate
    /// The version, or the algorithms.
    case parameters
    /// Before anything was agreed upon: what came is no handshake, or too long, or nothing more came.
    case noHandshake
    case deadline
    case other

    private static let words: [(String, HandshakeEnd)] = [
        ("PEER_DID_NOT_RETURN_A_CERTIFICATE", .noCertificate), ("CERTIFICATE_VERIFY_FAILED", .certificate),
        ("UNSUPPORTED_PROTOCOL", .parameters), ("NO_SHARED_CIPHER", .parameters), ("WRONG_VERSION_NUMBER", .noHandshake),
        ("HTTP_REQUEST", .noHandshake), ("EXCESSIVE_MESSAGE_SIZE", .noHandshake), ("took too long", .deadline),
        ("the connection ended", .noHandshake),
    ]

    init(_ record: AuditRecord) {
        let detail = record.detail ?? ""
        self = Self.words.first { detail.contains($0.0) }?.1 ?? .other
    }
}
