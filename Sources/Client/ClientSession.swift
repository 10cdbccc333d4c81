import Auth
package import MCP

/// Reads commands, one a line, and answers each with one line. Commands run side by side: an answer says by its `id` whose it is.
package struct ClientSession: Sendable {
    private let client: MCPClient
    private let write: @Sendable (String) async -> Void

    /// - Parameter write: Takes one whole line, without its end.
    package init(client: MCPClient, write: @escaping @Sendable (String) async -> Void) {
        self.client = client
        self.write = write
    }

    /// Works until the lines end, and then until the last command is answered.
    ///
    /// - Parameter ended: Called when the lines have ended.
    package func run(_ lines: AsyncStream<String>, ended: () -> Void = {}) async {
        await write(#"{"ready":{"client":true}}"#)
        await withDiscardingTaskGroup { group in
            for await line in lines where !line.allSatisfy(\.isWhitespace) {
                group.addTask { await write(await answer(to: line).text) }
            }
            ended()
        }
    }

    private func answer(to line: String) async -> JSONValue {
        let command: SessionCommand
        do throws(SessionCommand.Problem) {
            command = try SessionCommand(parsing: line)
        } catch {
            return ["id": error.id, "error": .string(error.description)]
        }
        let results = await withTaskGroup(of: (Int, JSONValue).self) { group in
            for index in 0..<command.parallel {
                group.addTask { (index, await result(of: command)) }
            }
            var results = [JSONValue](repeating: .null, count: command.parallel)
            for await (index, result) in group { results[index] = result }
            return results
        }
        return [
            "id": command.id, "results": .array(results), "token_requests": .integer(await client.tokenRequests),
            "authorizations": .integer(await client.authorizations),
        ]
    }

    private func result(of command: SessionCommand) async -> JSONValue {
        do throws(ClientError) {
            return ["ok": true, "result": try await client.call(command.tool, arguments: command.arguments)]
        } catch {
            return error.json
        }
    }
}

extension ClientError {
    /// The error as programs read it: `ok` false, `kind`, `error`, and `status`, `code` and `scopes` where there are any.
    package var json: JSONValue {
        var members: [String: JSONValue] = ["ok": false, "kind": .string(kind), "error": .string(description)]
        if let status { members["status"] = .integer(status) }
        if case .refused(let refusal) = self {
            members["by"] = .string(refusal.by.rawValue)
            if let error = refusal.error { members["code"] = .string(error) }
            if !refusal.scopes.isEmpty { members["scopes"] = .array(refusal.scopes.scopes.sorted().map(JSONValue.string)) }
        }
        return .object(members)
    }
}
