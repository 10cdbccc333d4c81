import Auth
import Foundation
import HTTPTypes
import Server
import Synchronization

extension Defect {
    /// Bent handling of a request: who is asked for a credential, and what a credential allows.
    static let requestDefects: [Defect] = [
        Defect("server/ignores-scope", server: { $0.missingScopes = { _, _ in [] } }),
        Defect(
            "server/lets-strangers-in",
            server: { parts in
                let right = parts.authenticate
                // Checks a credential, if there is one.
                parts.authenticate = { parts, request, policy, now in
                    let outcome = await right(parts, request, policy, now)
                    guard case .denied(let refusal, let layer, _) = outcome.decision, refusal.reason == .missing, layer != .certificate
                    else { return outcome }
                    return .anyone
                }
            }),
        Defect(
            "server/takes-the-first-of-two-credentials",
            server: { parts in
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    var request = request
                    if let first = request.headers[values: .authorization].first { request.headers[.authorization] = first }
                    return await right(parts, request, policy, now)
                }
            }),
        Defect(
            "server/falls-back-to-api-keys",
            server: { parts in
                let right = parts.authenticate
                // A key will do when the token will not.
                parts.authenticate = { parts, request, policy, now in
                    let outcome = await right(parts, request, policy, now)
                    guard case .denied(_, by: .token, _) = outcome.decision, case .token(let shown) = request.bearer,
                        APIKey(parsing: shown.reveal()) != nil
                    else { return outcome }
                    let byKey = await right(parts, request, LayeredPolicy(required: [.apiKey], authority: .apiKey), now)
                    return byKey.principal == nil ? outcome : byKey
                }
            }),
        Defect(
            "server/streams-outlive-credentials",
            server: { parts in
                let right = parts.authenticate
                let remembered = Mutex<[String: Authentication]>([:])
                // Who makes a request is decided once, however long its answer goes on.
                parts.authenticate = { parts, request, policy, now in
                    if let outcome = remembered.withLock({ $0[request.id] }) { return outcome }
                    let outcome = await right(parts, request, policy, now)
                    remembered.withLock { $0[request.id] = outcome }
                    return outcome
                }
            }),
        Defect(
            "server/remembers-callers-by-connection",
            server: { parts in
                let right = parts.authenticate
                let remembered = Mutex<[String: Authentication]>([:])
                parts.authenticate = { parts, request, policy, now in
                    if let peer = request.peer, let outcome = remembered.withLock({ $0[peer] }) { return outcome }
                    let outcome = await right(parts, request, policy, now)
                    if let peer = request.peer, outcome.principal != nil { remembered.withLock { $0[peer] = outcome } }
                    return outcome
                }
            }),
    ]
}
