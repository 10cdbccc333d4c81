import Auth
import Foundation
import HTTPTypes
import Hummingbird
import MCP
import Server
import Serving
import Synchronization

extension Defect {
    /// API keys that are looked for in other places, or compared in other ways.
    static let keyReadingDefects: [Defect] = [
        reading("server/reads-keys-from-the-address") { request, _ in
            guard request.headers[.authorization] == nil else { return }
            let shown = ["api_key", "key", "access_token"].compactMap { request.parameters[$0] }.first
            request.headers[.authorization] = shown.map { "Bearer \($0)" }
        },
        reading("server/reads-keys-from-other-fields") { request, _ in
            if let key = request.field("X-API-Key") { request.headers[.authorization] = "Bearer \(key)" }
        },
        reading("server/takes-keys-of-any-scheme") { request, _ in
            guard let shown = request.headers[.authorization], !shown.lowercased().hasPrefix("bearer"), !shown.hasPrefix("Basic") else {
                return
            }
            request.headers[.authorization] = shown.split(separator: " ").last.map { "Bearer \($0)" }
        },
        reading("server/minds-the-case-of-the-scheme") { request, _ in
            if request.headers[.authorization]?.hasPrefix("Bearer ") != true { request.headers[.authorization] = nil }
        },
        judging("server/takes-an-empty-key") { request, _ in
            guard let shown = request.headers[.authorization], shown.trimmingCharacters(in: .whitespaces) == "Bearer" else { return nil }
            return .anyone
        },
        reading("server/compares-the-first-characters-of-keys") { request, _ in
            guard let shown = request.headers[.authorization] else { return }
            // As many as the longest secret has.
            let parts = shown.split(separator: "_", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[3].count > 43, parts[3].allSatisfy({ $0.isLetter || $0.isNumber }) else { return }
            request.headers[.authorization] = parts[..<3].joined(separator: "_") + "_" + parts[3].prefix(43)
        },
        Defect(
            "server/takes-a-keys-hash",
            server: { parts in
                let right = parts.authenticate
                let known = Mutex<[String: String]>([:])
                // A look-up by hash, which is also what is stored: whoever has read the store has the keys.
                parts.authenticate = { parts, request, policy, now in
                    var request = request
                    guard case .token(let text) = request.bearer else { return await right(parts, request, policy, now) }
                    if let key = known.withLock({ $0[text.reveal().lowercased()] }) { request.headers[.authorization] = "Bearer \(key)" }
                    let outcome = await right(parts, request, policy, now)
                    if outcome.principal != nil, let key = APIKey(parsing: text.reveal()) {
                        let hash = key.hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                        known.withLock { $0[hash] = text.reveal() }
                    }
                    return outcome
                }
            }),
        Defect(
            "server/looks-keys-up-by-pattern",
            server: { parts in
                let right = parts.authenticate
                let last = Mutex<String?>(nil)
                parts.authenticate = { parts, request, policy, now in
                    var request = request
                    let shown = request.headers[.authorization] ?? ""
                    if shown.hasSuffix("%") || shown.hasSuffix("*"), let key = last.withLock({ $0 }) {
                        request.headers[.authorization] = key
                    }
                    let outcome = await right(parts, request, policy, now)
                    if outcome.principal != nil { last.withLock { $0 = request.headers[.authorization] } }
                    return outcome
                }
            }),
        reading("server/breaks-down-over-long-keys") { request, _ in
            guard case .token(let text) = request.bearer, (100...300).contains(text.reveal().utf8.count) else { return }
            throw RequestRefusal(.internalServerError, "the lengths differ")
        },
        Defect(
            "server/explains-why-a-key-is-refused",
            server: { parts in
                let right = parts.challenges
                parts.challenges = { parts, request, rejection in
                    guard rejection.layer == .apiKey, rejection.refusal.reason != .missing else { return right(parts, request, rejection) }
                    return right(parts, request, rejection).map {
                        var challenge = $0
                        challenge.add("error_description", rejection.refusal.reason.rawValue)
                        return challenge
                    }
                }
            }),
    ]

    /// Scopes that are compared in another way than whole.
    static let scopeDefects: [Defect] = [
        Defect(
            "server/takes-no-scope-for-all",
            server: { parts in
                let right = parts.missingScopes
                parts.missingScopes = { $0.scopes.isEmpty ? [] : right($0, $1) }
            }),
        Defect(
            "server/compares-scopes-by-part",
            server: { parts in
                parts.missingScopes = { principal, tool in
                    ScopeSet(tool.scopes.scopes.filter { needed in !principal.scopes.scopes.contains { $0.lowercased().contains(needed) } })
                }
            }),
    ]

    /// Sessions that are more than a conversation.
    static let sessionDefects: [Defect] = [
        Defect(
            "server/takes-sessions-for-credentials",
            server: { parts in
                let right = parts.authenticate
                let callers = Mutex<[String: Authentication]>([:])
                parts.authenticate = { parts, request, policy, now in
                    let session = request.field("MCP-Session-Id")
                    if request.headers[.authorization] == nil, let session, let caller = callers.withLock({ $0[session] }) { return caller }
                    let outcome = await right(parts, request, policy, now)
                    if outcome.principal != nil, let session { callers.withLock { $0[session] = outcome } }
                    return outcome
                }
            }),
        Defect(
            "server/numbers-its-sessions",
            server: { parts in
                let right = parts.respond
                let names = Mutex<[String: String]>([:])
                parts.respond = { parts, request, content in
                    var request = request
                    if let shown = request.field("MCP-Session-Id"), let name = names.withLock({ $0[shown] }) {
                        request.set("MCP-Session-Id", name)
                    }
                    var response = try await right(parts, request, content)
                    if let field = HTTPField.Name("MCP-Session-Id"), let name = response.headers[field] {
                        response.headers[field] = names.withLock { names in
                            let number = "session-\(1000 + names.count)"
                            names[number] = name
                            return number
                        }
                    }
                    return response
                }
            }),
        Defect("server/shares-sessions", server: { $0.sessionOwner = { _ in "anyone" } }),
        Defect(
            "server/takes-any-session",
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    var request = request
                    guard request.method == .post, let session = request.field("MCP-Session-Id"), session.count == 64,
                        session.hasPrefix("abcdef"),
                        let caller = await parts.authenticate(parts, request, parts.policy, parts.clock()).principal
                    else { return try await right(parts, request, content) }
                    // One that is not known is a new one.
                    request.set("MCP-Session-Id", parts.sessions.open(owner: parts.sessionOwner(caller), version: .newestStateful))
                    return try await right(parts, request, content)
                }
            }),
        Defect(
            "server/asks-only-of-tool-calls-in-sessions",
            server: { parts in
                let right = parts.respond
                // A greeting needs no credential.
                parts.respond = { parts, request, content in
                    guard request.method == .post, request.field("Mcp-Method") == nil else {
                        return try await right(parts, request, content)
                    }
                    let body = try await content()
                    var parts = parts
                    if LooseBody.object(body)?["method"] as? String == "initialize" { parts.policy = nil }
                    return try await right(parts, request) { body }
                }
            }),
    ]
}
