import Client
import MCP
import Synchronization

/// Server and issuer in one: answers by a script, and remembers what it was asked.
final class ScriptedPeer: Sendable {
    struct Seen: Sendable {
        let address: String
        let authorization: String?
        let body: String
        let fields: HTTPFieldList
    }

    static let server = "https://127.0.0.1:4381/mcp"
    static let issuer = "https://127.0.0.1:4400"

    private struct State {
        var seen: [Seen] = []
        var accepted: Set<String> = []
        var overrides: [String: HTTPAnswer] = [:]
        var tokens = 0
    }

    private let state = Mutex(State())

    var seen: [Seen] { state.withLock { $0.seen } }
    var tokenRequests: [Seen] { seen.filter { $0.address == Self.issuer + "/oauth/token" } }
    var serverCalls: [Seen] { seen.filter { $0.address == Self.server } }

    /// Which bearer credentials the server takes.
    func accept(_ tokens: Set<String>) { state.withLock { $0.accepted = tokens } }

    /// Answers an address with this from now on.
    func answer(_ address: String, with answer: HTTPAnswer) { state.withLock { $0.overrides[address] = answer } }

    static func json(_ value: JSONValue, status: Int = 200) -> HTTPAnswer {
        HTTPAnswer(status: status, fields: ["Content-Type": "application/json"], body: Array(value.text.utf8))
    }

    var exchange: HTTPExchange {
        { (call) async throws(ClientError) in self.answer(call) }
    }

    private func answer(_ call: HTTPCall) -> HTTPAnswer {
        let body = String(decoding: call.body, as: UTF8.self)
        let authorization = call.fields["Authorization"]
        return state.withLock { state in
            state.seen.append(Seen(address: call.address.text, authorization: authorization, body: body, fields: call.fields))
            if let answer = state.overrides[call.address.text] { return answer }
            switch call.address.text {
            case Self.server:
                guard let authorization, state.accepted.contains(String(authorization.dropFirst("Bearer ".count))) else {
                    return Self.refusal
                }
                let id = (try? JSONValue(parsing: call.body))?["id"] ?? .null
                return Self.json(["jsonrpc": "2.0", "id": id, "result": ["resultType": "complete", "content": [], "isError": false]])
            case "https://127.0.0.1:4381/.well-known/oauth-protected-resource/mcp":
                return Self.json(["resource": .string(Self.server), "authorization_servers": [.string(Self.issuer)]])
            case Self.issuer + "/.well-known/oauth-authorization-server":
                return Self.json(["issuer": .string(Self.issuer), "token_endpoint": .string(Self.issuer + "/oauth/token")])
            case Self.issuer + "/oauth/token":
                state.tokens += 1
                return Self.json(["access_token": .string("token-\(state.tokens)"), "token_type": "Bearer", "expires_in": 3600])
            default:
                return HTTPAnswer(status: 404)
            }
        }
    }

    private static let refusal = HTTPAnswer(
        status: 401,
        fields: [
            "WWW-Authenticate":
                #"Bearer error="invalid_token", scope="mcp:read", resource_metadata="https://127.0.0.1:4381/.well-known/oauth-protected-resource/mcp""#
        ])
}
