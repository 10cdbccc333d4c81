import Auth
import HTTPTypes
import Hummingbird
import MCP
import NIOCore
import Server
import Serving
import Synchronization

extension Defect {
    /// What is done with those who try, and with what was entrusted.
    static let abuseDefects: [Defect] = [
        Defect("server/hears-guessers-out", server: { $0.refusals = nil }),
        answering("server/does-not-say-when-to-come-back") { response, _ in response.headers[.retryAfter] = nil },
        Defect(
            "server/passes-tokens-on",
            server: { parts in
                guard let upstream = parts.configuration.upstream, let service = try? UpstreamTool(upstream) else { return }
                let right = parts.respond
                parts.respond = { parts, request, content in
                    var parts = parts
                    // The service behind is asked with what the caller has shown.
                    if case .token(let token) = request.bearer {
                        parts.tools = parts.tools.map { tool in
                            guard tool.tool.name == "upstream.call" else { return tool }
                            return ServerTool(tool.tool, scopes: tool.scopes) { (_) throws(ToolFailure) in
                                .result(try await service.ask(showing: token))
                            }
                        }
                    }
                    return try await right(parts, request, content)
                }
            }),
        Defect(
            "server/gives-events-to-anybody",
            server: { parts in
                let right = parts.respond
                // Whoever asks for what came after an event gets it, whosever it was.
                parts.respond = { parts, request, content in
                    guard request.method == .get, request.field("Last-Event-ID") != nil,
                        await parts.authenticate(parts, request, parts.policy, parts.clock()).principal != nil
                    else { return try await right(parts, request, content) }
                    let event = "id: 2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"
                    return Response(
                        status: .ok, headers: [.contentType: "text/event-stream"], body: .init(byteBuffer: ByteBuffer(string: event)))
                }
            }),
        Defect(
            "server/finds-events-by-name-alone",
            server: { parts in
                let right = parts.respond
                // The session is asked whose it is, and the event is not.
                parts.respond = { parts, request, content in
                    guard request.method == .get, request.field("Last-Event-ID") != nil, let session = request.field("MCP-Session-Id"),
                        let caller = await parts.authenticate(parts, request, parts.policy, parts.clock()).principal,
                        parts.sessions.use(session, owner: parts.sessionOwner(caller)) != nil, mayActNow()
                    else { return try await right(parts, request, content) }
                    let event = "id: 2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n"
                    return Response(
                        status: .ok, headers: [.contentType: "text/event-stream"], body: .init(byteBuffer: ByteBuffer(string: event)))
                }
            }),
        Defect(
            "server/forgets-where-callers-are",
            server: { parts in
                let right = parts.audit
                parts.audit = { record, request in
                    var record = record
                    record.peer = record.peer.map { _ in "127.0.0.1" }
                    try await right(record, request)
                }
            }),
        Defect(
            "server/ends-streams-when-keys-change",
            server: { parts in
                let right = parts.authenticate
                let newest = Mutex<[String: String]>([:])
                let begun = Mutex<Set<String>>([])
                // Whoever listens is asked again, and must have the newest key then.
                parts.authenticate = { parts, request, policy, now in
                    let outcome = await right(parts, request, policy, now)
                    guard case .granted(let caller, let layers) = outcome.decision, case .apiKey(let id) = caller.credential else {
                        return outcome
                    }
                    if begun.withLock({ $0.insert(request.id).inserted }) { newest.withLock { $0[caller.name] = id } }
                    guard newest.withLock({ $0[caller.name] }) != id else { return outcome }
                    return Authentication(.denied(Refusal(.revoked, "replaced"), by: .apiKey, others: layers))
                }
            }),
    ]
}
