import Hummingbird
import NIOCore
import Probing
import Synchronization

/// A host on this machine with documents about clients (draft-ietf-oauth-client-id-metadata-document), right and wrong, that
/// counts who comes for them.
final class ClientDocumentHost: Sendable {
    private final class Desk: Sendable {
        let base = Mutex("")
        let requests = Mutex(0)
    }

    private let desk: Desk
    private let service: LoopbackService

    private init(desk: Desk, service: LoopbackService) {
        self.desk = desk
        self.service = service
    }

    /// - Parameter identity: The certificate to show.
    static func start(identity: ClientIdentity) async throws -> ClientDocumentHost {
        let desk = Desk()
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            desk.requests.withLock { $0 += 1 }
            return answer(request.uri.path, at: desk.base.withLock { $0 })
        }
        let service = try await LoopbackService.start("host of client documents", identity: identity, responder: responder)
        desk.base.withLock { $0 = "https://127.0.0.1:\(service.port)" }
        return ClientDocumentHost(desk: desk, service: service)
    }

    func stop() { service.stop() }

    /// How many requests came so far.
    var requests: Int { desk.requests.withLock { $0 } }

    /// The identifier of the client that a word of `IssuerAct.Place.clientDocument` is about.
    func identifier(_ word: String) -> String { "\(desk.base.withLock { $0 })/\(word)/client.json" }

    private static func answer(_ path: String, at base: String) -> Response {
        let word = path.split(separator: "/").first.map(String.init) ?? ""
        // What the redirecting one leads to says of itself what would be right for the one that was asked for.
        if word == "redirecting" { return Response(status: .found, headers: [.location: "\(base)/redirected/client.json"]) }
        let named = ["other-identifier": "right", "redirected": "redirecting"][word] ?? word
        let required = [
            ("no-identifier", #""client_id":"\#(base)/\#(named)/client.json""#), ("no-name", #""client_name":"An app with a document""#),
            ("no-redirects", #""redirect_uris":["\#(IssuerDesk.appRedirect)"]"#),
        ]
        var members = required.filter { $0.0 != word }.map(\.1)
        members += [
            #""grant_types":["authorization_code","refresh_token"]"#,
            #""response_types":["code"]"#, #""token_endpoint_auth_method":"none""#,
        ]
        if word == "large" { members.append(#""comment":"\#(String(repeating: "large ", count: 170_000))""#) }
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: "{\(members.joined(separator: ","))\(word == "not-json" ? "" : "}")")))
    }
}
