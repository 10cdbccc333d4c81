import Auth
import HTTPTypes
import Hummingbird
import MutualTLS
import NIOCore
import OAuth
import Server
import Serving
import Synchronization

import struct Foundation.Data

extension Defect {
    /// Layers that stand in for one another, and what stands beside them. Right: each is required, a token is bound to one
    /// certificate in one notation, and the key opens health checks on a listener of their own and nothing else.
    static let layerDefects: [Defect] = [
        Defect(
            "server/looks-for-keys-elsewhere",
            server: { parts in
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    let outcome = await right(parts, request, policy, now)
                    guard case .denied(_, by: .token, _) = outcome.decision, let key = request.field("X-API-Key") else { return outcome }
                    var request = request
                    request.headers[.authorization] = "Bearer \(key)"
                    let byKey = await right(parts, request, LayeredPolicy(required: [.apiKey], authority: .apiKey), now)
                    return byKey.principal == nil ? outcome : byKey
                }
            }),
        Defect(
            "server/records-only-the-token",
            server: { parts in
                let right = parts.audit
                // Whose certificate it was is written down where it is the caller's own.
                parts.audit = { [clients = parts.clients] record, request in
                    var record = record
                    let isOwn = request.certificate.map { clients.matching($0).contains { $0.principal == record.principal } } ?? true
                    if record.jti != nil, record.principal != nil, !isOwn { (record.serial, record.thumbprint) = (nil, nil) }
                    try await right(record, request)
                }
            }),
        Defect(
            "server/counts-all-certificates-of-a-caller",
            server: { parts in
                let names = Mutex<[String: [String]]>([:])
                guard let right = parts.peers.checks.first(where: { $0.name == "name" }) else { return }
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, now in
                        let peer = evidence.peer
                        names.withLock { $0[peer.thumbprint] = peer.uris }
                        return await right(&evidence, at: now)
                    })
                bindingLoosely(&parts) { bound, shown in
                    guard let bound = bound["x5t#S256"] else { return false }
                    return names.withLock { $0[bound] != nil && $0[bound] == $0[shown] }
                }
            }),
        Defect(
            "server/reads-thumbprints-loosely",
            server: { parts in
                bindingLoosely(&parts) { bound, shown in
                    let text = shown.replacing("-", with: "+").replacing("_", with: "/") + "="
                    let hexadecimal = (Data(base64Encoded: text) ?? Data()).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                    return bound.values.contains { [shown, "\(shown)=", hexadecimal.joined()].contains($0) }
                }
            }),
        Defect(
            "server/asks-monitors-for-certificates",
            server: { parts in
                guard parts.healthPolicy != nil else { return }
                parts.healthPolicy = LayeredPolicy(required: [.certificate, .apiKey], authority: .apiKey)
            }),
        answering("server/tells-its-version") { response, request in
            guard request.path == Path.health, response.status == .ok else { return }
            response.body = .init(byteBuffer: ByteBuffer(string: #"{"status":"ok","version":"0.1.0","host":"mcp-server.internal"}"#))
            response.headers[.contentLength] = nil
        },
        Defect("server/tells-anybody-of-its-health", server: { $0.healthPolicy = nil }),
        Defect(
            "server/serves-tools-beside-health",
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    guard request.isOnHealthListener else { return try await right(parts, request, content) }
                    var (parts, request) = (parts, request)
                    (parts.policy, request.isOnHealthListener) = (parts.healthPolicy, false)
                    return try await right(parts, request, content)
                }
            }),
    ]

    /// - Parameter fits: Whether what a token is bound to, by name, is met by the certificate with that thumbprint after all.
    private static func bindingLoosely(
        _ parts: inout ServerParts, _ fits: @escaping @Sendable (_ bound: [String: String], _ shown: String) -> Bool
    ) {
        guard let right = parts.tokens.checks.first(where: { $0.name == "binding" }) else { return }
        parts.tokens = parts.tokens.replacing(
            "binding",
            with: Check("binding") { evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                guard let shown = evidence.certificateThumbprint, let bound = evidence.claims?["cnf"]?.object else { return refusal }
                return fits(bound.compactMapValues(\.string), shown) ? nil : refusal
            })
    }
}
