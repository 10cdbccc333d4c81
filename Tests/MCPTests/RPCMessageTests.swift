import MCP
import Testing

struct RPCMessageTests {
    private func code(_ body: String) -> Int? {
        do {
            _ = try RPCMessage(parsing: body.utf8)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "What is not one request or notification is refused",
        arguments: [
            ("", -32700), ("{", -32700), (#"{"jsonrpc":"2.0","method":"a","method":"b"}"#, -32700), ("[]", -32600),
            (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600), ("1", -32600), (#"{"id":1,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, -32600),
        ])
    func malformed(body: String, expected: Int) {
        #expect(code(body) == expected)
    }

    @Test("A message without an id is a notification")
    func notification() throws {
        let message = try RPCMessage(parsing: #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)
        #expect(message.isNotification)
    }

    @Test("A message reads back as it was written")
    func roundTrip() throws {
        let message = RPCMessage(id: .string("a"), method: "tools/call", parameters: ["name": "x"])
        #expect(try RPCMessage(message.json) == message)
        let response = RPCResponse(id: .integer(1), outcome: .failure(.methodNotFound))
        #expect(try RPCResponse(response.json) == response)
    }

    @Test("An unknown method is 404 in the stateless era, and a method's error travels in a 200 in the other")
    func statuses() {
        #expect(RPCError.methodNotFound.status(in: .stateless) == 404)
        #expect(RPCError.methodNotFound.status(in: .stateful) == 200)
        #expect(RPCError.invalidParameters("x").status(in: .stateless) == 400)
        #expect(RPCError.parse("x").status(in: .stateful) == 400)
        #expect(RPCError.internalError.status(in: .stateless) == 500)
    }

    @Test(
        "Initialize gives the version asked for, and the newest with sessions for any other",
        arguments: [
            ("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"), ("2025-03-26", "2025-03-26"), ("2026-07-28", "2025-11-25"),
            ("1999-01-01", "2025-11-25"),
        ])
    func negotiation(requested: String, given: String) throws {
        let results = ServerResults(name: "s", version: "1", instructions: "", tools: [])
        let message = RPCMessage(id: .integer(1), method: "initialize", parameters: ["protocolVersion": .string(requested)])
        #expect(try results.initialize(message).result["protocolVersion"]?.string == given)
    }

    @Test("Results of the stateless era are complete and say how long they may be kept")
    func statelessResults() {
        let results = ServerResults(name: "s", version: "1", instructions: "", tools: [])
        for result in [results.discover, results.list(in: .stateless)] {
            #expect(result["resultType"] == "complete")
            #expect(result["ttlMs"]?.integer != nil)
            #expect(result["cacheScope"] == "private")
        }
        #expect(results.list(in: .stateful)["resultType"] == nil)
        #expect(results.discover["supportedVersions"]?.array?.contains("2026-07-28") == true)
    }
}
