import ArgumentParser
import Client
import MCP

struct Tools: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Lists the tools that the server offers to this caller.",
        discussion: """
            Example:
              mcp-client tools --config client.json
            """)

    @Flag(help: "Print the list as one JSON object.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let tools = try await Calling.with(connection, json: json) { (client) async throws(ClientError) in try await client.tools() }
        if json {
            StandardStreams.write((["tools": .array(tools)] as JSONValue).text)
            return
        }
        let rows = tools.map { (name: $0["name"]?.string ?? "?", description: $0["description"]?.string ?? "") }
        let width = rows.map(\.name.count).max() ?? 0
        for row in rows {
            StandardStreams.write(row.name + String(repeating: " ", count: width - row.name.count + 2) + row.description)
        }
    }
}
