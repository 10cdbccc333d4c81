import Client
import MCP
import Synchronization
import Testing

@Suite("The stateful era")
struct StatefulEraTests {
    /// A server with sessions, which can forget them.
    private final class Server: Sendable {
        private struct State {
            var methods: [String] = []
            var opened = 0
            var known: String?
        }

        private let state = Mutex(State())

        var methods: [String] { state.withLock { $0.methods } }

        func forget() { state.withLock { $0.known = nil } }

        func answer(_ call: HTTPCall) -> HTTPAnswer {
            state.withLock { state in
                guard let message = try? RPCMessage(parsing: call.body) else {
                    state.methods.append(call.method.rawValue)
                    return HTTPAnswer(status: 200)
                }
                state.methods.append(message.method)
                if message.method == "initialize" {
                    state.opened += 1
                    state.known = "session-\(state.opened)"
                    var answer = Self.json(message, ["protocolVersion": "2025-11-25", "capabilities": [:], "serverInfo": [:]])
                    answer.fields["Mcp-Session-Id"] = state.known
                    return answer
                }
                guard let known = state.known, call.fields["MCP-Session-Id"] == known else { return HTTPAnswer(status: 404) }
                return message.isNotification ? HTTPAnswer(status: 202) : Self.json(message, ["content": []])
            }
        }

        private static func json(_ message: RPCMessage, _ result: JSONValue) -> HTTPAnswer {
            ScriptedPeer.json(["jsonrpc": "2.0", "id": message.id?.json ?? .null, "result": result])
        }
    }

    private let server = Server()

    private func client() throws -> MCPClient {
        let configuration = ClientConfiguration(server: try #require(WebAddress(ScriptedPeer.server)), era: .stateful)
        let server = server
        return MCPClient(configuration, parts: .standard(report: { _ in })) { (call) async throws(ClientError) in server.answer(call) }
    }

    @Test("One session is opened for many callers, and ended at the end")
    func oneSession() async throws {
        let client = try client()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { _ = try await client.call("a", arguments: [:]) } }
            try await group.waitForAll()
        }
        await client.close()
        #expect(server.methods.filter { $0 == "initialize" }.count == 1)
        #expect(server.methods.filter { $0 == "notifications/initialized" }.count == 1)
        #expect(server.methods.last == "DELETE")
    }

    @Test("A session that the server forgot is opened again, and the call made again, once")
    func forgotten() async throws {
        let client = try client()
        _ = try await client.call("a", arguments: [:])
        server.forget()
        _ = try await client.call("b", arguments: [:])
        #expect(
            server.methods == [
                "initialize", "notifications/initialized", "tools/call", "tools/call", "initialize", "notifications/initialized",
                "tools/call",
            ])
    }
}
