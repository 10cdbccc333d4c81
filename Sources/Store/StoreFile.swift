import Foundation
import GRDB

/// One SQLite file that several processes use at once.
///
/// Each read begins a transaction of its own and nothing is cached, so that what one process has committed is what every
/// other reads next. `synchronous = FULL` in WAL mode: what was acknowledged survives a kill and a power cut.
struct StoreFile: Sendable {
    let path: String
    private let pool: DatabasePool

    /// How long to wait for another process's write, which takes milliseconds.
    private static let patience: TimeInterval = 10

    /// Opens the file, or makes it with mode 0600.
    /// - Parameter schema: What to execute to come from nothing to version 1, from there to version 2, and so on. Published
    ///   versions never change; the file's `user_version` says how far it is.
    /// - Throws: ``StoreError``.
    init(path: String, schema: [String]) throws {
        self.path = path
        do {
            pool = try Self.open(path)
            let version = try pool.read { try Self.version(of: $0) }
            guard version <= schema.count else { throw StoreError.tooNew(path: path) }
            if version < schema.count {
                try pool.write { try Self.upgrade($0, to: schema) }
            }
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    /// - Throws: ``StoreError``, or what the body throws.
    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    /// Runs in a transaction that holds the write lock from its beginning, so that what it reads stays true until it commits.
    /// - Throws: ``StoreError``, or what the body throws; nothing is changed then.
    func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.write(body)
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    /// Opens a database as all stores here do, or makes an empty one that is its owner's alone.
    /// - Throws: ``StoreError``, or `DatabaseError`.
    static func open(_ path: String) throws -> DatabasePool {
        try createPrivately(path)
        return try retryingWhileBusy { try connect(path) }
    }

    private static func connect(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA foreign_keys = ON") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // Behind the opening, because a pool sets NORMAL when it switches to WAL mode.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    private static func version(of database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    /// In one transaction, in which the version is read again: another process may have been faster.
    private static func upgrade(_ database: Database, to schema: [String]) throws {
        for step in schema.dropFirst(try version(of: database)) {
            try database.execute(sql: step)
        }
        try database.execute(sql: "PRAGMA user_version = \(schema.count)")
    }

    /// The file holds what must stay private. SQLite gives its log and index the mode of the file itself.
    private static func createPrivately(_ path: String) throws {
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno == EROFS || errno == EACCES {
            throw StoreError.readOnly(path: path)
        } else if errno == ENOSPC {
            throw StoreError.diskFull(path: path)
        } else {
            throw StoreError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// SQLite does not wait for another process that switches the same new file to WAL mode; so this does.
    private static func retryingWhileBusy<Value>(_ body: () throws -> Value) throws -> Value {
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            do {
                return try body()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline {
                usleep(2000)
            }
        }
    }
}
