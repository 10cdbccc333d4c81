import Foundation
import Synchronization

/// The file with the names of those who may call, which a server under test reads again when it has changed.
final class AllowList: Sendable {
    let path: String
    private let entries: Mutex<[ServerDocument.Client]>

    /// - Throws: `BedError` when the file cannot be written.
    init(_ entries: [ServerDocument.Client], at path: String) throws {
        self.path = path
        self.entries = Mutex(entries)
        try Documents.write(entries, to: path)
    }

    /// Takes a caller's entries off. The file is replaced whole: nobody reads half of it.
    /// - Throws: `BedError` for a caller who is not on it, and when the file cannot be written.
    func remove(_ principal: String) throws {
        let left = try entries.withLock { entries throws(BedError) in
            let left = entries.filter { $0.principal != principal }
            guard left.count < entries.count else { throw BedError("\(principal) is not on the list of those who may call") }
            entries = left
            return left
        }
        try Documents.write(left, to: "\(path).new")
        guard rename("\(path).new", path) == 0 else { throw BedError("cannot write \(path)") }
    }
}
