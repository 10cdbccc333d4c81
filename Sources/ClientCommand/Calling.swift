import ArgumentParser
import Client
import MCP

/// What the commands that ask once have in common.
enum Calling {
    /// Makes a client, lets the body ask it, and ends it also when the body fails.
    static func with<Value: Sendable>(
        _ options: ConnectionOptions, json: Bool, _ body: (MCPClient) async throws(ClientError) -> Value
    ) async throws -> Value {
        let configuration = try options.configuration()
        let client = MCPClient(configuration, parts: .standard(report: { ClientProgram.complain($0) }))
        do throws(ClientError) {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            guard json else { throw error }
            StandardStreams.write(error.json.text)
            throw ExitCode(Ending.code(of: error))
        }
    }

    /// Calls a tool and prints what it gave: its text for people, its result for programs.
    static func tool(_ name: String, _ arguments: [String: JSONValue], _ options: ConnectionOptions, json: Bool) async throws {
        let result = try await with(options, json: json) { (client) async throws(ClientError) in
            try await client.call(name, arguments: arguments)
        }
        let tool = ToolResult(result)
        if json {
            StandardStreams.write((["ok": true, "result": result] as JSONValue).text)
        } else if let tool, tool.isError {
            ClientProgram.complain("the tool failed: \(tool.text)")
        } else {
            StandardStreams.write(tool?.text ?? result.text)
        }
        if tool?.isError == true { throw ExitCode(1) }
    }
}
