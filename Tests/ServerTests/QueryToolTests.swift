import Foundation
import MCP
import Server
import Testing

/// One at a time: queries share the memory that there is for them.
@Suite(.serialized)
struct QueryToolTests {
    /// A database made by the tool's own library would need a write connection, so SQLite's empty file does.
    fileprivate static func withTool(_ body: (QueryTool) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID().uuidString).sqlite")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(try QueryTool(path: file.path()))
    }

    @Test("A query gives columns and rows")
    func rows() async throws {
        try await Self.withTool { tool in
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
            "SELECT load_extension('x')", "EXPLAIN SELECT 1", "BEGIN", "SELECT 1; -- x\nSELECT 2", "CREATE TEMP TABLE t (a)",
            // Where the file is, is nobody's business.
            "SELECT file FROM pragma_database_list",
        ])
    func refused(query: String) async throws {
        try await Self.withTool { tool in
            await #expect(throws: ToolFailure.self) { try await tool.execute(query) }
        }
    }

    @Test("Rows, bytes and time have an end")
    func limits() async throws {
        try await Self.withTool { tool in
            let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n"
            let result = try await tool.execute(many)
            #expect(result.structured?["rows"]?.array?.count == QueryTool.maximumRows)
            #expect(result.structured?["complete"] == false)
            await #expect(throws: ToolFailure.self) { try await tool.execute("SELECT hex(zeroblob(1048576))") }
            let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
            await #expect(throws: ToolFailure.self) { try await tool.execute(endless) }
        }
    }

    @Test(
        "What SQLite itself brings can be asked for, and a comment may follow",
        arguments: [
            "SELECT value FROM json_each('[1]') -- one", "VALUES (1);", "/* one */ SELECT 1",
        ])
    func accepted(query: String) async throws {
        try await Self.withTool { tool in
            let result = try await tool.execute(query)
            #expect(result.structured?["rows"] == [[1]])
        }
    }

    /// Each of these would have a gigabyte, or more than any machine has.
    @Test(
        "A query that wants much memory is given up",
        arguments: [
            // One value, a row of values, a table kept between steps, and one that is sorted.
            "SELECT length(hex(zeroblob(400000000)))",
            "SELECT \(Array(repeating: "hex(randomblob(500000))", count: 99).joined(separator: ", "))",
            "WITH RECURSIVE n(i, t) AS (SELECT 1, '' UNION SELECT i + 1, hex(randomblob(100000)) FROM n) SELECT count(*) FROM n",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(randomblob(100000)) AS t FROM n ORDER BY t",
        ])
    func memory(query: String) async throws {
        try await Self.withTool { tool in
            let failure = await #expect(throws: ToolFailure.self) { try await tool.execute(query) }
            let message = try #require(failure?.message)
            #expect(["the query needs more memory than it may have", "SQL error: string or blob too big"].contains(message))
            let result = try await tool.execute("SELECT 1")
            #expect(result.structured?["rows"] == [[1]])
        }
    }

    /// In a process of its own: this is where SQLite gives nobody more, and other tests have their stores.
    @Test("A statement that grows while it is prepared is given up")
    func preparing() async {
        await #expect(processExitsWith: .success) {
            try await QueryToolTests.withTool { tool in
                // Each table is the one before, twice; each column is the one before, a hundred times.
                let doubled = (1...24).map { ", a\($0)(x) AS (SELECT p.x FROM a\($0 - 1) p, a\($0 - 1) q)" }.joined()
                let repeated = (1...5).reduce("SELECT 1 AS x FROM sqlite_master") { inner, _ in
                    "SELECT max(\(Array(repeating: "x", count: 100).joined(separator: ","))) AS x FROM (\(inner))"
                }
                for query in ["WITH a0(x) AS (SELECT 1)\(doubled) SELECT count(*) FROM a24", repeated] {
                    let failure = await #expect(throws: ToolFailure.self) { try await tool.execute(query) }
                    #expect(failure?.message == "the query needs more memory than it may have")
                    let result = try await tool.execute("SELECT 1")
                    #expect(result.structured?["rows"] == [[1]])
                }
            }
        }
    }

    @Test("So many queries run at once, and no more")
    func atOnce() async throws {
        try await Self.withTool { tool in
            let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
            // Many, because a machine that is busy may begin some of them when others have ended.
            let all = QueryTool.maximumAtOnce + 20
            let messages = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<all {
                    group.addTask {
                        do throws(ToolFailure) { _ = try await tool.execute(endless) } catch { return error.message }
                        return nil
                    }
                }
                return await group.reduce(into: [String: Int]()) { $0[$1 ?? "none", default: 0] += 1 }
            }
            let (ran, turnedAway) = (messages["the query took too long"] ?? 0, messages["too many queries at once; try again"] ?? 0)
            #expect(ran >= QueryTool.maximumAtOnce)
            #expect(turnedAway >= 1)
            #expect(ran + turnedAway == all, "\(messages)")
        }
    }
}
