import Auth
import MCP
import Server
import Testing

@Suite("Notes")
struct NotesTests {
    private let notes = Notes()

    private func call(_ tool: String, _ tenant: String?, _ arguments: [String: JSONValue] = [:]) async throws -> ToolResult? {
        let tool = try #require(notes.tools.first { $0.tool.name == tool })
        let call = ToolCall(principal: Principal(name: "alice", scopes: [], credential: .none), tenant: tenant, arguments: arguments)
        guard await tool.objection(call) == nil, case .result(let result) = try await tool.run(call) else { return nil }
        return result
    }

    @Test("A note is found by tenant and name: one of that name elsewhere is another, or none")
    func apart() async throws {
        _ = try await call("notes.write", "north", ["name": "plan", "text": "of the north"])
        _ = try await call("notes.write", nil, ["name": "plan", "text": "of nobody"])
        #expect(try await call("notes.read", "north", ["name": "plan"])?.structured?["text"] == "of the north")
        #expect(try await call("notes.read", "south", ["name": "plan"]) == nil)
        #expect(try await call("notes.list", "south")?.structured?["notes"] == [])
        #expect(try await call("notes.read", nil, ["name": "plan"])?.structured?["text"] == "of nobody")
    }

    @Test("Names and texts have their lengths, and there are no other arguments")
    func limits() async throws {
        let wrong: [[String: JSONValue]] = [
            ["name": "", "text": "x"], ["name": .string(String(repeating: "n", count: 65)), "text": "x"],
            ["name": "n", "text": .string(String(repeating: "t", count: 4097))], ["name": "n", "text": "x", "tenant": "south"],
            ["name": "n"],
        ]
        for arguments in wrong {
            await #expect(throws: ToolFailure.self) { try await call("notes.write", "north", arguments) }
        }
    }
}
