import Foundation
import MCP
import Server
import Testing

struct QueryToolTests {
    /// A database made by the tool's own library would need a write connection, so SQLite's empty file does.
    private func withTool(_ body: (QueryTool) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID().uuidString).sqlite")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(try QueryTool(path: file.path()))
    }

    @Test("A query gives columns and rows")
    func rows() async throws {
        try await withTool { tool in
            let result = try await tool.execute("WITH n(i) AS (VALUES (1), (2)) SELECT i, 'x' AS t FROM n")
            #expect(result.structured?["columns"] == ["i", "t"])
            #expect(result.structured?["rows"] == [[1, "x"], [2, "x"]])
        }
    }

    @Test(
        "Nothing but one statement that reads is run",
        arguments: [
            "", "CREATE TABLE t (a)", "ATTACH '/etc/passwd' AS x", "PRAGMA user_version = 1", "VACUUM INTO '/tmp/x'", "SELECT 1; SELECT 2",
            "SELECT 1; DROP TABLE t", "/* x */ DELETE FROM sqlite_master", "-- x\nBEGIN", "SELECT", "SELECT * FROM missing", "/* SELECT 1",
            "SELECT load_extension('x')", "EXPLAIN SELECT 1",
        ])
    func refused(query: String) async throws {
        try await withTool { tool in
            await #expect(throws: ToolFailure.self) { try await tool.execute(query) }
        }
    }

    @Test("Rows, bytes and time have an end")
    func limits() async throws {
        try await withTool { tool in
            let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n"
            let result = try await tool.execute(many)
            #expect(result.structured?["rows"]?.array?.count == QueryTool.maximumRows)
            #expect(result.structured?["complete"] == false)
            await #expect(throws: ToolFailure.self) { try await tool.execute("SELECT hex(zeroblob(1048576))") }
            let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
            await #expect(throws: ToolFailure.self) { try await tool.execute(endless) }
        }
    }
}
