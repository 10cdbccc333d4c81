import Auth
import GRDB
package import MCP

/// `execute_query`: one statement that reads, on a database opened for reading only.
package struct QueryTool: Sendable {
    package static let maximumRows = 1000
    /// The longest result, in bytes of text and blobs.
    package static let maximumSize = 1 << 20
    package static let timeLimit: Duration = .seconds(2)
    private static let maximumQueryLength = 16_384
    private let path: String

    /// - Throws: GRDB's error when the file is no database that can be read.
    package init(path: String) throws {
        self.path = path
        try connect().close()
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
            return .result(try await execute(try call.string("query")))
        }
    }

    /// A connection of its own for each query: one that takes long holds up no other, and can be interrupted alone.
    private func connect() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    package func execute(_ query: String) async throws(ToolFailure) -> ToolResult {
        guard query.utf8.count <= Self.maximumQueryLength, !query.utf8.contains(0) else { throw ToolFailure("the query is too long") }
        guard Self.reads(query) else { throw ToolFailure("only a SELECT statement may be run") }
        let connection: DatabaseQueue
        do {
            connection = try connect()
        } catch {
            throw ToolFailure("the database cannot be opened")
        }
        let watchdog = Task {
            try await Task.sleep(for: Self.timeLimit)
            connection.interrupt()
        }
        defer { watchdog.cancel() }
        do {
            return try await connection.read { try Self.rows(of: query, in: $0) }
        } catch let failure as ToolFailure {
            throw failure
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            throw ToolFailure("the query took longer than \(Self.timeLimit.components.seconds) s")
        } catch let error as DatabaseError {
            throw ToolFailure("SQL error: \(error.message ?? "unknown")")
        } catch {
            throw ToolFailure("the query cannot be run")
        }
    }

    /// Whether the statement's first word is one of a query. The first word decides what an SQL statement is, and
    /// `readonly` alone does not keep ATTACH from opening other files.
    private static func reads(_ query: String) -> Bool {
        var rest = query[...]
        while true {
            rest = rest.drop { $0.isWhitespace }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                var index = rest.index(rest.startIndex, offsetBy: 2)
                while index < rest.endIndex, !rest[index...].hasPrefix("*/") { index = rest.index(after: index) }
                rest = rest[index...].dropFirst(2)
            } else {
                break
            }
        }
        return ["SELECT", "WITH", "VALUES"].contains(rest.prefix { $0.isLetter }.uppercased())
    }

    private static func rows(of query: String, in database: Database) throws -> ToolResult {
        let statement = try database.makeStatement(sql: query)
        guard statement.isReadonly else { throw ToolFailure("only a SELECT statement may be run") }
        guard statement.columnCount > 0 else { throw ToolFailure("the statement gives no rows") }
        var rows: [JSONValue] = []
        var size = 0
        var isComplete = true
        let cursor = try Row.fetchCursor(statement)
        while let row = try cursor.next() {
            guard rows.count < maximumRows else {
                isComplete = false
                break
            }
            var values: [JSONValue] = []
            for (_, value) in row {
                let (json, bytes) = json(value)
                size += bytes
                guard size <= maximumSize else { throw ToolFailure("the result is larger than \(maximumSize) bytes") }
                values.append(json)
            }
            rows.append(.array(values))
        }
        let columns = statement.columnNames.map(JSONValue.string)
        return ToolResult(["columns": .array(columns), "rows": .array(rows), "complete": .bool(isComplete)])
    }

    private static func json(_ value: DatabaseValue) -> (JSONValue, size: Int) {
        switch value.storage {
        case .null: (.null, 4)
        case .int64(let number): (.integer(Int(number)), 8)
        case .double(let number): (.number(number), 8)
        case .string(let text): (.string(text), text.utf8.count)
        case .blob(let data): (.string("(\(data.count) bytes)"), 16)
        }
    }
}
