import MCP

/// One line of standard input of `mcp-client session`.
struct SessionCommand: Sendable {
    /// Given back with the answer: any JSON value.
    let id: JSONValue
    let tool: String
    let arguments: [String: JSONValue]
    /// How many calls are made at once.
    let parallel: Int

    struct Problem: Error, CustomStringConvertible {
        let id: JSONValue
        let description: String
    }

    init(parsing line: String) throws(Problem) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw Problem(id: .null, description: "not JSON: \(error.message)")
        }
        guard let members = value.object else { throw Problem(id: .null, description: "expected an object") }
        let id = members["id"] ?? .null
        let known: Set = ["id", "call", "arguments", "parallel"]
        if let unknown = Set(members.keys).subtracting(known).min() {
            throw Problem(id: id, description: "\(unknown) is not known; expected \(known.sorted().joined(separator: ", "))")
        }
        guard let tool = members["call"]?.string, !tool.isEmpty else {
            throw Problem(id: id, description: "call: expected the name of a tool")
        }
        self.id = id
        self.tool = tool
        switch members["arguments"] {
        case nil, .null: arguments = [:]
        case .object(let members): arguments = members
        default: throw Problem(id: id, description: "arguments: expected an object")
        }
        let parallel = members["parallel"].map(\.integer) ?? 1
        guard let parallel, (1...256).contains(parallel) else {
            throw Problem(id: id, description: "parallel: expected a number from 1 to 256")
        }
        self.parallel = parallel
    }
}
