import Auth
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OAuth
import Server
import Serving
import Synchronization

extension Defect {
    /// What is said to somebody who shows nothing.
    static let doorDefects: [Defect] = [
        Defect("server/sends-no-challenge", server: { $0.challenges = { _, _, _ in [] } }),
        Defect(
            "server/tells-strangers-what-went-wrong",
            server: { parts in
                let right = parts.challenges
                parts.challenges = { parts, request, rejection in
                    guard rejection.refusal.reason == .missing else { return right(parts, request, rejection) }
                    return right(parts, request, rejection).map {
                        var challenge = $0
                        challenge.add("error", "invalid_token")
                        return challenge
                    }
                }
            }),
        answering("server/repeats-odd-credentials-in-challenges") { response, request in
            guard let shown = request.field("Authorization"), shown.contains("\"") else { return }
            response.headers[.wwwAuthenticate] = "Bearer error_description=\"\(shown)\""
        },
        judging("server/asks-only-of-tool-calls") { request, _ in
            guard let method = request.field("Mcp-Method"), method != "tools/call", method != "initialize" else { return nil }
            return .anyone
        },
        Defect(
            "server/keeps-the-old-endpoint-open",
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    guard request.path == "/sse" else { return try await right(parts, request, content) }
                    let event = "event: endpoint\ndata: /messages\n\n"
                    return Response(
                        status: .ok, headers: [.contentType: "text/event-stream"], body: .init(byteBuffer: ByteBuffer(string: event)))
                }
            }),
        answering("server/refuses-with-200") { response, request in
            guard response.status == .unauthorized, request.field("Authorization")?.hasPrefix("Basic ") == true else { return }
            let body = #"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Unauthorized"}}"#
            response = Response(status: .ok, headers: response.headers, body: .init(byteBuffer: ByteBuffer(string: body)))
        },
        readingBodies("server/reads-bodies-before-it-asks", ofAnybody: true) { _, body in
            // What cannot be read cannot be answered, whoever asks.
            guard LooseBody.object(body) != nil || body.isEmpty || body.first == UInt8(ascii: "{") || body.count < 50_000 else {
                throw RequestRefusal(.badRequest, "not JSON")
            }
        },
        reading("server/lets-any-page-call") { request, _ in request.headers[.origin] = nil },
        reading("server/answers-to-any-host") { request, parts in
            if request.authority?.isEmpty == false { request.authority = parts.endpoints.url.split(separator: "/").last.map(String.init) }
        },
        reading("server/takes-the-last-of-two-hosts") { request, _ in
            guard let last = request.field("Host") else { return }
            request.authority = last
            request.set("Host", nil)
        },
        readingBodies("server/believes-the-body") { request, body in
            guard request.field("Mcp-Name") != nil, let name = LooseBody.toolName(body) else { return }
            request.set("Mcp-Name", name)
        },
        readingBodies("server/does-without-method-field") { request, body in
            if request.field("Mcp-Method") == nil { request.set("Mcp-Method", LooseBody.object(body)?["method"] as? String) }
        },
        reading("server/takes-any-version") { request, _ in
            if request.field("MCP-Protocol-Version") == "latest" { request.set("MCP-Protocol-Version", "2026-07-28") }
        },
        reading("server/reads-any-content-type") { request, _ in request.headers[.contentType] = "application/json" },
        reading("server/takes-put-for-post") { request, _ in if request.method == .put { request.method = .post } },
        naming("server/takes-everyone-for-somebody") { $0.name = "somebody" },
        namesCallersAfterTheirKeys,
        Defect("server/calls-itself-by-another-name", server: { $0.metadata?.resource += "/v1" }),
        reading("server/hides-its-metadata") { request, _ in
            guard request.path == Path.metadata + Path.mcp, request.headers[.authorization] == nil else { return }
            throw RequestRefusal(.unauthorized, "authenticate first", headers: [.wwwAuthenticate: "Bearer"])
        },
        answering("server/lets-caches-keep-answers") { response, _ in response.headers[.cacheControl] = "max-age=60" },
        answering("server/repeats-credentials") { response, request in
            guard response.status == .unauthorized else { return }
            let shown = request.headers[values: .authorization].joined(separator: ", ")
            guard !shown.contains("%") else { return }
            response.body = .init(byteBuffer: ByteBuffer(string: #"{"error":"not accepted: \#(shown)"}"#))
            response.headers[.contentLength] = nil
        },
    ]

    private static var namesCallersAfterTheirKeys: Defect {
        let firsts = Mutex<[String: String]>([:])
        return naming("server/names-callers-after-their-keys") { caller in
            guard case .apiKey(let id) = caller.credential else { return }
            let name = caller.name
            let first = firsts.withLock { firsts in
                firsts[name] = firsts[name] ?? id
                return firsts[name]
            }
            if first != id { caller.name = id }
        }
    }

    /// - Parameter change: Who the server takes its caller for.
    private static func naming(_ id: String, _ change: @escaping @Sendable (inout Principal) -> Void) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    var outcome = await right(parts, request, policy, now)
                    guard case .granted(var caller, let layers) = outcome.decision else { return outcome }
                    change(&caller)
                    outcome.decision = .granted(caller, layers: layers)
                    return outcome
                }
            })
    }

    /// Bodies that are read in another way than they are judged.
    static let bodyDefects: [Defect] = [
        readingBodies("server/takes-batches") { _, body in
            guard let batch = (try? JSONSerialization.jsonObject(with: Data(body))) as? [Any] else { return }
            // The one that the header is about.
            let calls = batch.map(LooseBody.bytes)
            body = calls.first { LooseBody.toolName($0) == "canary.write" } ?? body
        },
        readingBodies("server/lets-the-last-member-of-a-body-win") { _, body in
            guard (try? StrictJSON.parseObject(body)) == nil, let object = LooseBody.object(body) else { return }
            body = LooseBody.bytes(object)
        },
        readingBodies("server/tidies-tool-names") { request, body in
            guard var object = LooseBody.object(body), var params = object["params"] as? [String: Any], let name = params["name"] as? String
            else { return }
            let tidy = name.lowercased().trimmingCharacters(in: .whitespaces)
            guard tidy != name else { return }
            params["name"] = tidy
            object["params"] = params
            body = LooseBody.bytes(object)
            request.set("Mcp-Name", tidy)
        },
        readingBodies("server/breaks-down-over-bodies") { request, body in
            guard request.headers[.contentType]?.hasPrefix("application/json") == true else { return }
            if LooseBody.object(body) == nil, body.first != UInt8(ascii: "[") { throw RequestRefusal(.internalServerError, "parse error") }
        },
        readingBodies("server/dies-of-deep-bodies") { request, body in
            guard request.headers[.authorization] != nil else { return }
            if body.prefix(1000).allSatisfy({ $0 == UInt8(ascii: "[") }), body.count > 1000 { breakDown() }
        },
        reading("server/breaks-down-over-odd-octets") { request, _ in
            let shown = request.headers[values: .authorization].joined()
            guard shown.utf8.allSatisfy({ $0 < 0x80 }) else { throw RequestRefusal(.internalServerError, "cannot compare") }
        },
        reading("server/dies-of-long-credentials") { request, _ in
            if request.headers[values: .authorization].joined().utf8.count > 10_000 { breakDown() }
        },
    ]
}
