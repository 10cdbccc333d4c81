import Auth
import Foundation
import Hummingbird
import MutualTLS
import NIOSSL
import Server
import Serving
import Synchronization

extension Defect {
    /// Certificates and authorities that are replaced while a server runs. The right one reads all of them at a reload, hands them
    /// to connections yet to be made, asks on every request whom it trusts now, and goes on answering meanwhile.
    static let rotationDefects: [Defect] = [
        rereading("server/keeps-its-first-certificate") { settings, first in
            (settings.certificateChain, settings.privateKey) = (first.certificateChain, first.privateKey)
        },
        busyAfterReload("server/drops-its-callers-to-reload") { staysConnected in staysConnected },
        busyAfterReload("server/turns-newcomers-away-to-reload") { staysConnected in !staysConnected },
        Defect(
            "server/keeps-its-first-authorities",
            server: { parts in
                keepFirst(&parts) { settings, first in
                    (settings.trustRoots, settings.additionalTrustRoots) = (first.trustRoots, first.additionalTrustRoots)
                }
                guard parts.policy?.required.contains(.certificate) == true else { return }
                let rule = ChainRule(
                    TrustStore(parts.trust.current.authorities), maximumLength: parts.configuration.tls?.maxChain ?? 5)
                parts.peers = parts.peers.replacing("chain", with: PeerChecks.chain(rule))
            }),
        Defect(
            "server/keeps-its-first-allow-list",
            server: { parts in
                guard parts.peers.checks.contains(where: { $0.name == "name" }) else { return }
                parts.peers = parts.peers.replacing("name", with: PeerChecks.name(ClientList(parts.clients.current)))
            }),
        Defect(
            "server/keeps-removed-authorities",
            server: { parts in
                let trusted = Mutex<[NIOSSLCertificate]>([])
                if let right = parts.tls {
                    parts.tls = {
                        var settings = try right()
                        guard case .certificates(let roots)? = settings.trustRoots else { return settings }
                        settings.trustRoots = .certificates(
                            trusted.withLock { all in
                                all += roots.filter { !all.contains($0) }
                                return all
                            })
                        return settings
                    }
                }
                trustForEver(&parts)
            }),
        Defect("server/trusts-authorities-by-connection", server: { trustForEver(&$0) }),
        Defect(
            "server/pins-the-first-certificate",
            server: { parts in
                let firsts = Mutex<[String: PeerCertificate]>([:])
                let right = parts.peers
                guard let last = right.checks.last, right.checks.contains(where: { $0.name == "name" }) else { return }
                // A certificate that succeeds another one of the same name is taken for a forgery.
                parts.peers = right.replacing(
                    last.name,
                    with: Check(last.name) { evidence, now in
                        if let refusal = await last(&evidence, at: now) { return refusal }
                        let (principal, peer) = (evidence.client?.principal ?? "", evidence.peer)
                        let first = firsts.withLock { firsts in
                            let first = firsts[principal] ?? peer
                            firsts[principal] = first
                            return first
                        }
                        // Of certificates of long ago he may have several.
                        let isSuccessor =
                            peer != first && peer.notBefore >= first.notBefore && now < first.notBefore.addingTimeInterval(3600)
                        return isSuccessor ? Refusal(.name, "another certificate than the first") : nil
                    })
            }),
    ]

    /// A certificate counts that leads to an authority which is trusted now, or ever was.
    private static func trustForEver(_ parts: inout ServerParts) {
        guard parts.policy?.required.contains(.certificate) == true else { return }
        let rules = Mutex<[(generation: UInt64, rule: ChainRule)]>([])
        let (store, length) = (parts.trust, parts.configuration.tls?.maxChain ?? 5)
        parts.peers = parts.peers.replacing(
            "chain",
            with: Check("chain") { evidence, now in
                let trust = store.current
                let all = rules.withLock { rules in
                    if !rules.contains(where: { $0.generation == trust.generation }) {
                        rules.append((trust.generation, ChainRule(TrustStore(trust.authorities), maximumLength: length)))
                    }
                    return rules.map(\.rule)
                }
                var refusal: Refusal?
                for rule in all.reversed() {
                    let verdict = await rule.verdict(on: evidence.peer, handshake: evidence.handshake, at: now)
                    guard let objection = verdict.refusal else {
                        evidence.anchor = verdict.anchor
                        return nil
                    }
                    refusal = refusal ?? objection
                }
                return refusal
            })
    }

    /// - Parameter keep: Takes over from the first settings what is not read again.
    private static func rereading(
        _ id: String, keep: @escaping @Sendable (inout TLSConfiguration, TLSConfiguration) -> Void
    ) -> Defect {
        Defect(id, server: { keepFirst(&$0, keep) })
    }

    private static func keepFirst(
        _ parts: inout ServerParts, _ keep: @escaping @Sendable (inout TLSConfiguration, TLSConfiguration) -> Void
    ) {
        guard let right = parts.tls else { return }
        let first = Mutex<TLSConfiguration?>(nil)
        parts.tls = {
            var settings = try right()
            first.withLock { first in
                if let first { keep(&settings, first) } else { first = settings }
            }
            return settings
        }
    }

    /// - Parameter isSentAway: Whether that happens to a caller, who is one that keeps connections open, or one that does not.
    private static func busyAfterReload(_ id: String, _ isSentAway: @escaping @Sendable (_ staysConnected: Bool) -> Bool) -> Defect {
        struct State {
            var current: TLSConfiguration?
            /// Connections by certificate, and certificates of which one connection brought several requests.
            var connections: [String: Set<String>] = [:]
            var staying: Set<String> = []
            /// How many calls of each certificate are sent away still; nil before anything was reloaded.
            var rest: [String: Int]?
        }
        return Defect(
            id,
            server: { parts in
                guard let right = parts.tls else { return }
                let state = Mutex(State())
                parts.tls = {
                    let settings = try right()
                    state.withLock { state in
                        if let current = state.current, !current.bestEffortEquals(settings) { state.rest = [:] }
                        state.current = settings
                    }
                    return settings
                }
                let respond = parts.respond
                parts.respond = { parts, request, content in
                    guard request.method == .post, let caller = request.certificate?.thumbprint, let peer = request.peer else {
                        return try await respond(parts, request, content)
                    }
                    let isBusy = state.withLock { state in
                        if !state.connections[caller, default: []].insert(peer).inserted { state.staying.insert(caller) }
                        let isStaying = state.staying.contains(caller)
                        guard let rest = state.rest?[caller] ?? state.rest.map({ _ in isStaying ? 40 : 4 }), rest > 0, isSentAway(isStaying)
                        else { return false }
                        state.rest?[caller] = rest - 1
                        return true
                    }
                    guard !isBusy else { return Response(status: .serviceUnavailable) }
                    return try await respond(parts, request, content)
                }
            })
    }
}
