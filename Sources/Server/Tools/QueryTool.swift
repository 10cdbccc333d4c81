import Auth
import Dispatch
import GRDBSQLite
package import MCP
import Synchronization

/// `execute_query`: one statement that reads, on a database opened for reading only.
package final class QueryTool: Sendable {
    package static let maximumRows = 1000
    /// The longest result, in bytes of text and blobs.
    package static let maximumSize = 1 << 20
    package static let timeLimit: Duration = .seconds(2)
    /// Queries that run at the same time; they share the memory that there is for queries.
    package static let maximumAtOnce = 4
    private static let maximumQueryLength = 16_384
    private let path: String
    private let running = Atomic<Int>(0)

    /// - Throws: `ToolFailure` when the file is no database that can be read.
    package init(path: String) throws(ToolFailure) {
        self.path = path
        _ = try Self.result(of: "SELECT count(*) FROM sqlite_master", in: path)
    }

    package var tool: ServerTool {
        ServerTool(
            Tool(
                name: "execute_query", description: "Runs one SQL query on a read-only SQLite database.",
                inputSchema: Schema.object(["query": Schema.string("One SELECT statement.")], required: ["query"]),
                isReadOnly: true),
            scopes: ["mcp:execute"]
        ) { (call) throws(ToolFailure) in
            try call.only("query")
            return .result(try await self.execute(try call.string("query")))
        }
    }

    package func execute(_ query: String) async throws(ToolFailure) -> ToolResult {
        guard query.utf8.count <= Self.maximumQueryLength, !query.utf8.contains(0) else { throw ToolFailure("the query is too long") }
        defer { running.subtract(1, ordering: .relaxed) }
        guard running.add(1, ordering: .relaxed).newValue <= Self.maximumAtOnce else {
            throw ToolFailure("too many queries at once; try again")
        }
        // On a thread of its own: SQLite blocks, and others wait for the threads that tasks share.
        let outcome = await withCheckedContinuation { done in
            DispatchQueue.global().async { [path] in
                done.resume(returning: Result { () throws(ToolFailure) in try Self.result(of: query, in: path) })
            }
        }
        return try outcome.get()
    }

    /// On a connection of its own: one that takes long holds up no other.
    private static func result(of query: String, in path: String) throws(ToolFailure) -> ToolResult {
        let database = try ReadOnlyDatabase(path: path, timeLimit: timeLimit)
        return try database.withStatement(query) { (statement) throws(ToolFailure) in
            let columns = (0..<sqlite3_column_count(statement)).map { column in
                JSONValue.string(sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "")
            }
            var rows: [JSONValue] = []
            var size = 0
            var isComplete = true
            while try database.step(statement) {
                guard rows.count < maximumRows else {
                    isComplete = false
                    break
                }
                var values: [JSONValue] = []
                for column in 0..<sqlite3_column_count(statement) {
                    let (json, bytes) = value(of: column, in: statement)
                    size += bytes
                    guard size <= maximumSize else { throw ToolFailure("the result is larger than \(maximumSize) bytes") }
                    values.append(json)
                }
                rows.append(.array(values))
            }
            return ToolResult(["columns": .array(columns), "rows": .array(rows), "complete": .bool(isComplete)])
        }
    }

    private static func value(of column: Int32, in statement: OpaquePointer) -> (JSONValue, size: Int) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return (.integer(Int(sqlite3_column_int64(statement, column))), 8)
        case SQLITE_FLOAT: return (.number(sqlite3_column_double(statement, column)), 8)
        case SQLITE_TEXT:
            // The text first: it may have to be converted, and its length is that of what it was converted to.
            let start = sqlite3_column_text(statement, column)
            let text = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
            return (.string(String(decoding: text, as: UTF8.self)), text.count)
        case SQLITE_BLOB: return (.string("(\(sqlite3_column_bytes(statement, column)) bytes)"), 16)
        default: return (.null, 4)
        }
    }
}
