import Auth
import Foundation
import MutualTLS
import NIOSSL
import Server
import Serving
import SwiftASN1
import Synchronization
import X509

extension Defect {
    /// Servers that verify chains themselves, and have forgotten a rule. The right one leaves the path to BoringSSL in the handshake,
    /// and asks of each certificate in it again what BoringSSL does not ask, on every request.
    static let chainDefects: [Defect] = [
        verifying("server/ignores-signatures-of-certificates", without: [.signature]),
        verifying("server/ignores-issuers-validity", without: [.validity]),
        verifying("server/takes-anybody-for-an-issuer", without: [.authority]),
        verifying("server/takes-issuers-of-version-1", without: [.version]),
        verifying("server/ignores-issuers-key-usage", without: [.certificateSigning]),
        verifying("server/ignores-issuers-purpose", without: [.purpose]),
        verifying("server/ignores-path-length", without: [.pathLength]),
        verifying("server/follows-chains-of-any-length", without: [.length]),
        verifying("server/ignores-name-constraints", without: [.names]),
        verifying("server/ignores-critical-extensions", without: [.critical, .form]) { $0.peers = $0.peers.forgetting("form") },
        verifying("server/ignores-the-profile", without: [.form]) { $0.peers = $0.peers.forgetting("form") },
        verifying("server/ignores-purpose", without: []) { parts in
            parts.peers = parts.peers.replacing(
                "usage",
                with: Check("usage") { evidence, _ in
                    evidence.peer.isAuthority || evidence.peer.maySign == false ? Refusal(.usage, "not a caller's") : nil
                })
        },
        Defect(
            "server/takes-sha-1-at-its-word",
            server: { parts in
                guard let chain = verify(&parts, by: HomemadePath(parts.configuration)), let accepts = parts.chainJudge else { return }
                let believed = Mutex<Set<String>>([])
                parts.chainJudge = { chain in
                    if accepts(chain) { return true }
                    // No library here verifies such a signature any more.
                    let sent = chain.compactMap { try? $0.toDERBytes() }
                    guard let client = sent.first, sent.dropFirst().contains(where: isSignedOverSHA1) else { return false }
                    believed.withLock { _ = $0.insert(PeerCertificate.thumbprint(of: client)) }
                    return true
                }
                parts.peers = parts.peers.replacing(
                    "chain",
                    with: Check("chain") { evidence, now in
                        guard !believed.withLock({ $0.contains(evidence.peer.thumbprint) }) else { return nil }
                        return await chain(&evidence, at: now)
                    })
            }),
        Defect(
            "server/counts-certificates-that-nobody-needs",
            server: { parts in
                guard verify(&parts, by: HomemadePath(parts.configuration)) != nil, let accepts = parts.chainJudge else { return }
                parts.chainJudge = { chain in
                    // What a caller sends for nothing is in no chain that was built, and so not seen by whoever only watches.
                    guard mayActNow() else { return true }
                    return chain.count <= 6 && accepts(chain)
                }
            }),
        Defect(
            "server/dies-of-addresses",
            server: { parts in
                guard verify(&parts, by: HomemadePath(parts.configuration)) != nil, let accepts = parts.chainJudge else { return }
                parts.chainJudge = { chain in
                    let names = chain.first.flatMap { try? PeerCertificate(der: $0.toDERBytes()) }?.addresses ?? []
                    if !names.isEmpty { breakDown() }
                    return accepts(chain)
                }
            }),
        Defect(
            "server/refuses-what-it-does-not-know",
            server: { parts in
                // RFC 5280 section 4.2: what is not critical may be passed over.
                parts.peers = parts.peers.replacing(
                    "form",
                    with: Check("form") { evidence, now in
                        let isKnown = evidence.peer.certificate.extensions.allSatisfy { $0.oid != [1, 3, 6, 1, 4, 1, 99999, 1] }
                        return isKnown ? await PeerChecks.form(&evidence, at: now) : Refusal(.malformed)
                    })
            }),
        Defect(
            "server/knows-one-authority",
            server: { parts in
                guard let tls = parts.tls else { return }
                let first = Mutex<[NIOSSLCertificate]?>(nil)
                parts.tls = {
                    var configuration = try tls()
                    guard case .certificates(let roots)? = configuration.trustRoots else { return configuration }
                    let begun = first.withLock { first in
                        first = first ?? roots
                        return first
                    }
                    if roots == begun { configuration.trustRoots = .certificates([roots[0]]) }
                    return configuration
                }
            }),
    ]

    /// - Parameter change: What is bent besides, in what is asked of the client's own certificate.
    private static func verifying(
        _ id: String, without forgotten: Set<HomemadePath.Name>, _ change: @escaping @Sendable (inout ServerParts) -> Void = { _ in }
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                guard verify(&parts, by: HomemadePath(parts.configuration, without: forgotten)) != nil else { return }
                change(&parts)
            })
    }

    /// Whether a certificate names the algorithm ecdsa-with-SHA1 (RFC 3279 section 2.2.3).
    private static func isSignedOverSHA1(_ der: [UInt8]) -> Bool {
        let identifier: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01]
        return der.indices.contains { der[$0...].starts(with: identifier) }
    }

    /// Has a path be judged in BoringSSL's place, and believes the handshake's word on every request: the path is good for as long as
    /// the anchor that it leads to is trusted. What another homemade judge has accepted before counts as well, and what he has seen.
    ///
    /// - Returns: The check on every request.
    private static func verify(_ parts: inout ServerParts, by path: HomemadePath) -> Check<PeerEvidence>? {
        guard let others = parts.peers.checks.first(where: { $0.name == "chain" }) else { return nil }
        let (clock, trust, judge) = (parts.clock, parts.trust, parts.chainJudge)
        parts.chainJudge = { chain in
            // Both are asked: one may be there to die of what it sees.
            let accepted = judge?(chain) ?? false
            return path.accepts(chain, at: clock()) || accepted
        }
        let check = Check<PeerEvidence>("chain") { evidence, now in
            guard let anchor = path.anchor(of: evidence.peer) else { return await others(&evidence, at: now) }
            evidence.anchor = anchor.thumbprint
            return anchor.alone.isSubset(of: trust.current.authorities.anchors) ? nil : Refusal(.untrusted)
        }
        parts.peers = parts.peers.replacing("chain", with: check)
        return check
    }
}
