import GRDBSQLite

/// One connection to a SQLite file: it reads, within bounds, and does nothing else. For one thread, and for one statement at a time.
///
/// SQLite is used directly, because what bounds a statement belongs to the connection: how long a value and a row may get, who may
/// be asked for what, and a handler that looks every few steps at the clock and at the memory.
final class ReadOnlyDatabase {
    /// The longest value, in bytes; a single function call makes one, and nothing interrupts it.
    static let maximumValue: Int32 = 1 << 20
    /// A row has all its values at once.
    private static let maximumColumns: Int32 = 100
    /// By how much SQLite's memory in this process may grow while a statement runs, in bytes; one that sees more is given up.
    private static let memory: sqlite3_int64 = 64 << 20
    /// By how much before nobody gets more, the stores included: a statement is not looked at while it is prepared, and a short one may grow
    /// without end then. Whoever does this is known by name, and keeps others waiting for as long as it takes, not for good.
    private static let hardLimit: sqlite3_int64 = 256 << 20
    /// What SQLite has in this process before anything is done here.
    private let before = sqlite3_memory_used()
    /// SQLite's virtual machine does so many steps between two looks; each may make one value.
    private static let stepsBetweenLooks: Int32 = 16

    private let connection: OpaquePointer
    private let deadline: ContinuousClock.Instant
    private var excess: ToolFailure?

    /// - Parameter timeLimit: Counted from now, for everything that is done.
    /// - Throws: `ToolFailure` when there is no database that can be read.
    init(path: String, timeLimit: Duration) throws(ToolFailure) {
        deadline = .now + timeLimit
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard result == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw ToolFailure("the database cannot be opened")
        }
        connection = opened
        sqlite3_hard_heap_limit64(before + Self.hardLimit)
        for (limit, value) in [
            (SQLITE_LIMIT_LENGTH, Self.maximumValue), (SQLITE_LIMIT_COLUMN, Self.maximumColumns), (SQLITE_LIMIT_ATTACHED, 0),
            (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000), (SQLITE_LIMIT_EXPR_DEPTH, 100), (SQLITE_LIMIT_COMPOUND_SELECT, 100),
            (SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            sqlite3_limit(connection, limit, value)
        }
        // What is sorted or kept between steps stays in memory, where it counts, and fills no disk.
        guard sqlite3_exec(connection, "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF", nil, nil, nil) == SQLITE_OK else {
            throw ToolFailure("the database cannot be opened")
        }
        sqlite3_set_authorizer(connection, { _, action, subject, _, _, _ in ReadOnlyDatabase.verdict(on: action, subject) }, nil)
        sqlite3_progress_handler(
            connection, Self.stepsBetweenLooks,
            { context in
                guard let context else { return 0 }
                return Unmanaged<ReadOnlyDatabase>.fromOpaque(context).takeUnretainedValue().isExcessive() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { sqlite3_close_v2(connection) }

    /// Calls with the statement, ready for its first row.
    /// - Throws: `ToolFailure`, for what is not exactly one statement that gives rows and changes nothing.
    func withStatement<Value>(_ sql: String, _ body: (OpaquePointer) throws(ToolFailure) -> Value) throws(ToolFailure) -> Value {
        let (statement, isAlone) = try prepare(sql)
        defer { sqlite3_finalize(statement) }
        guard let statement, isAlone, sqlite3_stmt_readonly(statement) != 0, sqlite3_stmt_isexplain(statement) == 0,
            sqlite3_column_count(statement) > 0
        else { throw ToolFailure("only a SELECT statement may be run") }
        return try body(statement)
    }

    /// - Returns: Whether there is another row.
    func step(_ statement: OpaquePointer) throws(ToolFailure) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    /// - Returns: The first statement, nil where there is none, and whether nothing but comments follow it.
    private func prepare(_ sql: String) throws(ToolFailure) -> (OpaquePointer?, isAlone: Bool) {
        var first: OpaquePointer?
        var second: OpaquePointer?
        let (result, rest) = sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let result = sqlite3_prepare_v2(connection, text, -1, &first, &tail)
            return (result, result == SQLITE_OK ? sqlite3_prepare_v2(connection, tail, -1, &second, nil) : SQLITE_OK)
        }
        let isAlone = rest == SQLITE_OK && second == nil
        sqlite3_finalize(second)
        guard result == SQLITE_OK else { throw failure(result) }
        return (first, isAlone)
    }

    /// Reading is kept to this one file: other files, transactions that would outlive the statement, and PRAGMA, which tells where the
    /// file is, are for the operator. Two of its kind are what SQLite's own full-text search asks for.
    private static func verdict(on action: Int32, _ subject: UnsafePointer<CChar>?) -> Int32 {
        switch action {
        case SQLITE_PRAGMA:
            subject.map { ["data_version", "page_size"].contains(String(cString: $0)) } == true ? SQLITE_OK : SQLITE_DENY
        case SQLITE_ATTACH, SQLITE_DETACH, SQLITE_TRANSACTION, SQLITE_SAVEPOINT: SQLITE_DENY
        default: SQLITE_OK
        }
    }

    private func isExcessive() -> Bool {
        if ContinuousClock.now > deadline {
            excess = ToolFailure("the query took too long")
        } else if sqlite3_memory_used() - before > Self.memory {
            excess = Self.tooMuchMemory
        }
        return excess != nil
    }

    private static let tooMuchMemory = ToolFailure("the query needs more memory than it may have")

    private func failure(_ code: Int32) -> ToolFailure {
        switch code & 0xFF {
        case SQLITE_INTERRUPT: excess ?? ToolFailure("the query was interrupted")
        case SQLITE_NOMEM: Self.tooMuchMemory
        default: ToolFailure("SQL error: \(String(cString: sqlite3_errmsg(connection)))")
        }
    }
}
