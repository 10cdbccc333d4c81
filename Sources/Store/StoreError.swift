import GRDB

/// Why a store file cannot be used, in words for whoever runs the program. Nothing that was acknowledged before is lost.
package enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, its folder or its disk does not allow writing.
    case readOnly(path: String)
    case diskFull(path: String)
    /// Another process held the file for longer than we wait.
    case busy(path: String)
    /// There is something else in the file, or it was damaged.
    case notAStore(path: String)
    /// A later version of this program made it.
    case tooNew(path: String)
    /// It cannot be opened, read or written for another reason, which SQLite names.
    case unusable(path: String, reason: String)

    package var description: String {
        switch self {
        case .readOnly(let path), .diskFull(let path): "cannot write to the store \(path): \(reason)"
        case .busy(let path), .unusable(let path, _): "cannot use the store \(path): \(reason)"
        case .notAStore(let path): "\(path) is not a store, or it is damaged"
        case .tooNew(let path): "the store \(path) was made by a newer version of this program"
        }
    }

    /// The same without the path.
    var reason: String {
        switch self {
        case .readOnly: "it is read-only"
        case .diskFull: "the disk is full"
        case .busy: "another process keeps it locked"
        case .notAStore: "it is not a store, or it is damaged"
        case .tooNew: "it was made by a newer version of this program"
        case .unusable(_, let reason): reason
        }
    }

    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notAStore(path: path)
        default: self = .unusable(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
    }
}
