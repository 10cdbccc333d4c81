import Auth
import MCP
import Synchronization

/// Short texts by name, for each tenant its own: `notes.read`, `notes.write`, `notes.list`. Kept in memory only.
///
/// A note is found by tenant and name together, so that no name, however it was come by, leads to another tenant's. One
/// that is not there and one that is somebody else's are refused alike: who guesses names learns nothing.
package final class Notes: Sendable {
    /// Notes of one tenant.
    package static let capacity = 1000
    private static let nameLengths = 1...64
    private static let textLengths = 0...4096
    private let texts = Mutex<[String?: [String: String]]>([:])

    package init() {}

    package var tools: [ServerTool] {
        let name = Schema.string("Its name among the notes of the caller's tenant.")
        return [
            ServerTool(
                Tool(
                    name: "notes.list", description: "Names the notes of the caller's tenant.",
                    inputSchema: Schema.object([:], required: []), isReadOnly: true),
                scopes: ["mcp:read"]
            ) { (call) throws(ToolFailure) in
                try call.only()
                let names = self.texts.withLock { ($0[call.tenant] ?? [:]).keys.sorted() }
                return .result(ToolResult(["notes": .array(names.map(JSONValue.string))]))
            },
            ServerTool(
                Tool(
                    name: "notes.read", description: "Reads a note of the caller's tenant.",
                    inputSchema: Schema.object(["name": name], required: ["name"]), isReadOnly: true),
                scopes: ["mcp:read"],
                objection: { call in
                    guard let name = call.arguments["name"]?.string, self.text(name, of: call.tenant) == nil else { return nil }
                    return Refusal(.tenant, "no note of that name is \(call.tenant ?? "nobody")'s")
                }
            ) { (call) throws(ToolFailure) in
                try call.only("name")
                let name = try call.string("name")
                guard let text = self.text(name, of: call.tenant) else { throw ToolFailure("no such note") }
                return .result(ToolResult(["name": .string(name), "text": .string(text)]))
            },
            ServerTool(
                Tool(
                    name: "notes.write", description: "Writes a note of the caller's tenant, replacing one of that name.",
                    inputSchema: Schema.object(["name": name, "text": Schema.string("The whole text.")], required: ["name", "text"]),
                    isReadOnly: false),
                scopes: ["mcp:write"]
            ) { (call) throws(ToolFailure) in
                try call.only("name", "text")
                let name = try call.string("name", of: Self.nameLengths)
                try self.write(try call.string("text", of: Self.textLengths), as: name, of: call.tenant)
                return .result(ToolResult(["name": .string(name)]))
            },
        ]
    }

    private func text(_ name: String, of tenant: String?) -> String? {
        texts.withLock { $0[tenant]?[name] }
    }

    private func write(_ text: String, as name: String, of tenant: String?) throws(ToolFailure) {
        let isWritten = texts.withLock { texts in
            let count = texts[tenant]?.count ?? 0
            guard count < Self.capacity || texts[tenant]?[name] != nil else { return false }
            texts[tenant, default: [:]][name] = text
            return true
        }
        if !isWritten { throw ToolFailure("there are \(Self.capacity) notes already") }
    }
}

extension ToolCall {
    /// A string of so many bytes.
    fileprivate func string(_ name: String, of lengths: ClosedRange<Int>) throws(ToolFailure) -> String {
        let text = try string(name)
        guard lengths.contains(text.utf8.count) else {
            throw ToolFailure("\(name) must have \(lengths.lowerBound) to \(lengths.upperBound) bytes")
        }
        return text
    }
}
