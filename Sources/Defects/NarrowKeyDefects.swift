import Auth
import Foundation
import HTTPTypes
import Hummingbird
import MCP
import OAuth
import Server
import Serving
import Store
import Synchronization

extension Defect {
    /// Servers that fail one of several rules about keys, refusals and records that stand close together.
    static let narrowKeyDefects: [Defect] = [
        Defect(
            "server/takes-any-secret-that-was-issued",
            server: { parts in
                guard let store = parts.keyStore as? SQLiteAPIKeyStore else { return }
                parts.keys = parts.keys.replacing(
                    "known",
                    with: Check("known") { evidence, now in
                        let refusal = await APIKeyChecks.known(in: store)(&evidence, at: now)
                        let pieces = evidence.presented.reveal().split(separator: "_")
                        guard refusal?.reason == .unknown, pieces.count == 4, let all = try? await store.list(),
                            let record = all.first(where: { $0.id == pieces[2] }),
                            all.contains(where: {
                                APIKey(parsing: "\(pieces[0])_\(pieces[1])_\($0.id)_\(pieces[3])")?.matches(hash: $0.hash) == true
                            })
                        else { return refusal }
                        evidence.record = record
                        return nil
                    })
            }),
        rereadingKeys("server/completes-keys") { shown, known in known.count == shown.count + 1 && known.hasPrefix(shown) },
        rereadingKeys("server/forgives-caps-lock") { shown, known in
            zip(shown, known).allSatisfy { $0 == $1 || !$0.isLowercase == $1.isLowercase && $0.lowercased() == $1.lowercased() }
                && zip(shown, known).count { $0 != $1 } > 1 && shown.count == known.count
        },
        Defect(
            "server/compares-secrets-slowly",
            server: { parts in
                let right = parts.authenticate
                let known = Mutex<[Substring: String]>([:])
                // A tenth of a millisecond for each character that fits, up to the first that does not: on a busy machine, too.
                parts.authenticate = { parts, request, policy, now in
                    guard case .token(let token) = request.bearer else { return await right(parts, request, policy, now) }
                    let shown = token.reveal()
                    let name = shown[..<(shown.lastIndex(of: "_") ?? shown.startIndex)]
                    if let key = known.withLock({ $0[name] }), key != shown {
                        let fitting = zip(shown, key).prefix { $0 == $1 }.count - name.count
                        if fitting > 1, mayActNow() { try? await Task.sleep(for: .microseconds(100 * (fitting - 1))) }
                    }
                    let outcome = await right(parts, request, policy, now)
                    if outcome.principal != nil { known.withLock { $0[name] = shown } }
                    return outcome
                }
            }),
        challenging("server/challenges-only-who-has-tried") { $0.refusal.reason != .missing },
        challenging("server/keeps-the-scope-to-itself") { $0.refusal.reason != .scope },
        challenging("server/says-nothing-to-the-expired") { $0.refusal.reason != .expired },
        reading("server/answers-to-hosts-that-begin-like-its-own") { request, parts in
            guard let authority = request.authority, authority.hasPrefix("localhost.") else { return }
            request.authority = parts.endpoints.url.split(separator: "/").last.map(String.init)
        },
        Defect(
            "server/takes-the-first-caller-for-an-administrator",
            server: { parts in
                let right = parts.authenticate
                let first = Mutex<String?>(nil)
                parts.authenticate = { parts, request, policy, now in
                    var outcome = await right(parts, request, policy, now)
                    guard case .granted(var caller, let layers) = outcome.decision else { return outcome }
                    let name = caller.name
                    let isFirst = first.withLock { first in
                        first = first ?? name
                        return first == name
                    }
                    if isFirst { caller.scopes = ScopeSet(caller.scopes.scopes + ["mcp:admin"]) }
                    outcome.decision = .granted(caller, layers: layers)
                    return outcome
                }
            }),
        Defect(
            "server/writes-and-then-refuses",
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    let response = try await right(parts, request, content)
                    guard response.status == .forbidden, let name = request.field("Mcp-Name"),
                        let tool = parts.tools.first(where: { $0.tool.name == name }),
                        let caller = await parts.authenticate(parts, request, parts.policy, parts.clock()).principal,
                        !parts.missingScopes(caller, tool).isEmpty
                    else { return response }
                    _ = try? await tool.run(ToolCall(principal: caller, arguments: [:]))
                    return response
                }
            }),
        recording("server/forgets-what-was-called") { record in if record.decision == .allowed { record.tool = nil } },
        recordsTheFirstKey,
        Defect(
            "server/asks-for-scopes-of-writers-only",
            server: { parts in
                let right = parts.missingScopes
                parts.missingScopes = { $1.tool.name == "canary.read" && $0.scopes.isEmpty ? [] : right($0, $1) }
            }),
        Defect(
            "server/tells-when-a-key-has-expired",
            server: { parts in
                let right = parts.challenges
                parts.challenges = { parts, request, rejection in
                    guard rejection.layer == .apiKey, rejection.refusal.reason == .expired else { return right(parts, request, rejection) }
                    return right(parts, request, rejection).map {
                        var challenge = $0
                        challenge.add("error_description", "expired")
                        return challenge
                    }
                }
            }),
        reading("server/takes-the-last-of-a-list") { request, _ in
            let shown = request.headers[values: .authorization]
            guard shown.count == 1, let comma = shown[0].range(of: ", ", options: .backwards) else { return }
            request.headers[.authorization] = String(shown[0][comma.upperBound...])
        },
        Defect(
            "server/adds-up-the-keys-of-a-request",
            server: { parts in
                let right = parts.authenticate
                // Whoever is known may do besides what the key beside his credential may do.
                parts.authenticate = { parts, request, policy, now in
                    var outcome = await right(parts, request, policy, now)
                    guard case .granted(var caller, let layers) = outcome.decision, let key = request.field("X-API-Key") else {
                        return outcome
                    }
                    var further = request
                    further.headers[.authorization] = "Bearer \(key)"
                    let byKey = await right(parts, further, LayeredPolicy(required: [.apiKey], authority: .apiKey), now)
                    caller.scopes = ScopeSet(caller.scopes.scopes.union(byKey.principal?.scopes.scopes ?? []))
                    outcome.decision = .granted(caller, layers: layers)
                    return outcome
                }
            }),
        Defect(
            "server/calls-itself-by-another-name-at-the-root",
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    var response = try await right(parts, request, content)
                    guard request.path == Path.metadata, response.status == .ok, var metadata = parts.metadata else { return response }
                    metadata.resource += "/v1"
                    response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(metadata)))
                    return response
                }
            }),
    ]

    private static var recordsTheFirstKey: Defect {
        let firsts = Mutex<[String: String]>([:])
        return recording("server/records-the-first-key-of-a-caller") { record in
            guard let caller = record.principal, let id = record.keyID else { return }
            record.keyID = firsts.withLock { firsts in
                firsts[caller] = firsts[caller] ?? id
                return firsts[caller]
            }
        }
    }

    /// - Parameter isGoodEnough: Whether what was shown counts for a key that was good before.
    private static func rereadingKeys(_ id: String, _ isGoodEnough: @escaping @Sendable (String, String) -> Bool) -> Defect {
        let known = Mutex<Set<String>>([])
        return Defect(
            id,
            server: { parts in
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    var request = request
                    guard case .token(let shown) = request.bearer else { return await right(parts, request, policy, now) }
                    let text = shown.reveal()
                    if let key = known.withLock({ $0.first { isGoodEnough(text, $0) } }) {
                        request.headers[.authorization] = "Bearer \(key)"
                    }
                    let outcome = await right(parts, request, policy, now)
                    if outcome.principal != nil, APIKey(parsing: text) != nil { _ = known.withLock { $0.insert(text) } }
                    return outcome
                }
            })
    }

    /// - Parameter isChallenged: To which refusals a challenge belongs.
    private static func challenging(_ id: String, _ isChallenged: @escaping @Sendable (Rejection) -> Bool) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.challenges
                parts.challenges = { isChallenged($2) ? right($0, $1, $2) : [] }
            })
    }

    /// - Parameter change: What is written down in a record's place.
    private static func recording(_ id: String, _ change: @escaping @Sendable (inout AuditRecord) -> Void) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.audit
                parts.audit = { record, request in
                    var record = record
                    change(&record)
                    try await right(record, request)
                }
            })
    }
}
