/// What a server says of a tool in `tools/list`.
package struct Tool: Sendable, Hashable {
    package var name: String
    package var description: String
    /// A JSON Schema for the arguments, always of type `object`.
    package var inputSchema: JSONValue
    /// Whether it leaves everything as it was; a hint to clients, not a rule.
    package var isReadOnly: Bool

    package init(name: String, description: String, inputSchema: JSONValue, isReadOnly: Bool) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
        self.isReadOnly = isReadOnly
    }

    package var json: JSONValue {
        [
            "name": .string(name),
            "description": .string(description),
            "inputSchema": inputSchema,
            "annotations": ["readOnlyHint": .bool(isReadOnly)],
        ]
    }
}

/// What a tool gives back: a value for programs, and the same as text for readers.
package struct ToolResult: Sendable, Hashable {
    /// An object in every revision before 2026-07-28; kept one in all.
    package var structured: [String: JSONValue]?
    package var text: String
    /// The tool was called and failed: for the model to see and correct, unlike an `RPCError`.
    package var isError: Bool

    package init(_ structured: [String: JSONValue]) {
        self.structured = structured
        text = JSONValue.object(structured).text
        isError = false
    }

    package init(text: String) {
        self.text = text
        isError = false
    }

    package init(failure: String) {
        text = failure
        isError = true
    }

    /// The result of `tools/call`.
    package func json(in era: Era) -> JSONValue {
        var members: [String: JSONValue] = [
            "content": [["type": "text", "text": .string(text)]],
            "isError": .bool(isError),
        ]
        members["structuredContent"] = structured.map(JSONValue.object)
        if era == .stateless { members["resultType"] = "complete" }
        return .object(members)
    }

    /// Reads the result of `tools/call`, as a client does; nil when it has no content.
    package init?(_ value: JSONValue) {
        guard let content = value["content"]?.array else { return nil }
        text = content.compactMap { $0["text"]?.string }.joined(separator: "\n")
        structured = value["structuredContent"]?.object
        isError = value["isError"]?.bool ?? false
    }
}
