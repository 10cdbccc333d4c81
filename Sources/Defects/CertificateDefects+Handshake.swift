import Auth
import Foundation
import HTTPTypes
import MutualTLS
import NIOCore
import NIOSSL
import Server
import Serving
import SwiftASN1

extension Defect {
    /// How connections begin, and what is believed of those that a proxy would have begun.
    static let handshakeDefects: [Defect] = [
        speaking("server/speaks-the-newest-tls-only") { $0.minimumTLSVersion = .tlsv13 },
        speaking("server/speaks-old-tls") { configuration in
            configuration.minimumTLSVersion = .tlsv1
            configuration.cipherSuites += ":ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
        },
        Defect("server/waits-for-ever-in-handshakes", server: { $0.limits.handshake = .hours(1) }),
        dying("server/dies-of-plaintext", of: "HTTP_REQUEST"),
        dying("server/dies-of-long-chains", of: "EXCESSIVE_MESSAGE_SIZE"),
        Defect(
            "server/believes-forwarded-certificates",
            server: { parts in
                // The right server reads the field of declared proxies alone (RFC 9440 section 4).
                parts.forwarding = { _, request, _ in
                    guard case .certificate(let client) = ForwardedCertificate(request.headers[values: .clientCert]) else { return request }
                    var request = request
                    (request.certificate, request.handshake) = (client, nil)
                    return request
                }
            }),
        judgingLists("server/asks-lists-about-the-caller-only") { source, peer, now in
            let status = await source.status(of: peer, at: now)
            // Whose issuer has been revoked is on no list himself.
            if case .revoked(let what) = status, what.hasPrefix("its issuer's certificate") { return .good }
            return status
        },
        Defect(
            "server/compares-serial-numbers-only",
            server: { parts in
                guard let path = parts.configuration.tls?.crl, let right = parts.peers.checks.first(where: { $0.name == "revocation" })
                else { return }
                parts.peers = parts.peers.replacing(
                    "revocation",
                    with: Check("revocation") { evidence, now in
                        if let refusal = await right(&evidence, at: now) { return refusal }
                        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                        let lists =
                            (try? PEMDocument.parseMultiple(pemString: text))?.compactMap { try? RevocationList(der: $0.derBytes) } ?? []
                        return lists.contains { $0.contains(serial: evidence.peer.serial) } ? Refusal(.revoked) : nil
                    })
            }),
    ]

    private static func speaking(_ id: String, _ change: @escaping @Sendable (inout TLSConfiguration) -> Void) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let tls = parts.tls else { return }
                parts.tls = {
                    var configuration = try tls()
                    change(&configuration)
                    return configuration
                }
            })
    }

    private static func judgingLists(
        _ id: String, _ status: @escaping @Sendable (any RevocationSource, PeerCertificate, Date) async -> RevocationStatus
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let source = parts.revocation, parts.peers.checks.contains(where: { $0.name == "revocation" }) else { return }
                parts.peers = parts.peers.replacing("revocation", with: PeerChecks.notRevoked(BentLists(source: source, bent: status)))
            })
    }

    /// - Parameter words: Of what BoringSSL says of a handshake that failed.
    private static func dying(_ id: String, of words: String) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.auditHandshake
                parts.auditHandshake = { record in
                    await right(record)
                    if record.detail?.contains(words) == true { breakDown() }
                }
            })
    }
}

/// Lists that are read in another way.
private struct BentLists: RevocationSource {
    let source: any RevocationSource
    let bent: @Sendable (any RevocationSource, PeerCertificate, Date) async -> RevocationStatus

    func status(of peer: PeerCertificate, at now: Date) async -> RevocationStatus { await bent(source, peer, now) }
}
