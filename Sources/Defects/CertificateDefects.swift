import Auth
import Foundation
import MutualTLS
import NIOSSL
import Server
import Serving

extension Defect {
    /// Bent rules for client certificates. The right list: version, usage, form, strength, chain, name, revocation, validity, OCSP, on
    /// every request, after the TLS layer has built the chain.
    static let certificateDefects: [Defect] = [
        Defect(
            "server/ignores-crl",
            server: { parts in
                guard parts.peers.checks.contains(where: { $0.name == "revocation" }) else { return }
                parts.peers = parts.peers.dropping("revocation")
            }),
        Defect("server/ignores-certificate-validity", server: { $0.peers = $0.peers.forgetting("validity") }),
        Defect(
            "server/accepts-any-name",
            server: { parts in
                let clients = parts.clients
                let scopes = clients.current.first?.scopes ?? []
                // Whoever holds a certificate of that CA is somebody; those on the list are who they are.
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, _ in
                        evidence.client =
                            clients.matching(evidence.peer).first
                            ?? AllowedClient(principal: evidence.peer.uris.first ?? "somebody", scopes: scopes)
                        return nil
                    })
            }),
        Defect(
            "server/falls-back-to-cn",
            server: { parts in
                let clients = parts.clients
                // Looks at the common name when the alternative name is not on the list.
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, _ in
                        let peer = evidence.peer
                        evidence.client =
                            clients.matching(peer).first
                            ?? clients.current.first { client in peer.commonNames.contains { $0 == client.principal } }
                        return evidence.client == nil ? Refusal(.name) : nil
                    })
            }),
        Defect(
            "server/makes-certificates-optional",
            server: { parts in
                guard let required = parts.policy?.required, required.contains(.certificate) else { return }
                guard let tls = parts.tls else { return }
                parts.tls = {
                    var configuration = try tls()
                    configuration.certificateVerification = .optionalVerification
                    return configuration
                }
                // Without one, what is left of the layers decides; with none left, everybody is let in.
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    guard request.certificate == nil else { return await right(parts, request, policy, now) }
                    let rest: LayeredPolicy? = required.contains(.token) ? LayeredPolicy(required: [.token], authority: .token) : nil
                    return await parts.judge(request, by: rest, at: now)
                }
            }),
        Defect(
            "server/trusts-any-chain",
            server: { parts in
                parts.chainJudge = { _ in true }
                parts.peers = parts.peers.forgetting("chain")
            }),
        Defect(
            "server/reads-names-only",
            server: { parts in
                parts.chainJudge = { _ in true }
                parts.peers = parts.peers.forgetting("version", "usage", "strength", "chain", "validity")
            }),
    ]
}
