import Auth
import MCP

extension FileRoot {
    /// `read_file` and `write_file` over one directory.
    package var tools: [ServerTool] {
        [
            ServerTool(
                Tool(
                    name: "read_file", description: "Reads a text file from the served directory.",
                    inputSchema: Schema.object(["path": Schema.string("Relative to the served directory.")], required: ["path"]),
                    isReadOnly: true),
                scopes: ["mcp:read"]
            ) { (call) throws(ToolFailure) in
                try call.only("path")
                let path = try call.string("path")
                return .result(ToolResult(["path": .string(path), "content": .string(try self.read(path))]))
            },
            ServerTool(
                Tool(
                    name: "write_file", description: "Writes a text file in the served directory, replacing one that is there.",
                    inputSchema: Schema.object(
                        [
                            "path": Schema.string("Relative to the served directory."),
                            "content": Schema.string("The whole new content."),
                        ], required: ["path", "content"]),
                    isReadOnly: false),
                scopes: ["mcp:write"]
            ) { (call) throws(ToolFailure) in
                try call.only("path", "content")
                let path = try call.string("path")
                let content = try call.string("content")
                try self.write(content, to: path)
                return .result(ToolResult(["success": true, "path": .string(path), "bytes": .integer(content.utf8.count)]))
            },
        ]
    }
}
