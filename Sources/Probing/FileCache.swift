import Glibc
import Synchronization

/// What was made of files, kept for as long as they are what they were: to read certificates and keys again for each connection costs
/// more than its handshake.
final class FileCache<Value: Sendable>: Sendable {
    /// What changes with a file, whether it is written to or another takes its place.
    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int
        var changed: Int
        var changedNanoseconds: Int

        init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            (inode, size) = (UInt64(facts.st_ino), Int(facts.st_size))
            (changed, changedNanoseconds) = (facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec)
        }
    }

    private struct Entry {
        var stamps: [Stamp]
        var value: Value
    }

    // Callers come and go with their certificates in long runs.
    private static var limit: Int { 256 }
    private let entries = Mutex<[[String]: Entry]>([:])

    /// - Parameter read: Called where the files have changed, or were never read.
    /// - Returns: Nil when one of them is not there, or `read` makes nothing of them.
    func value(of paths: [String], read: () -> Value?) -> Value? {
        // Before they are read: what is written meanwhile is then read again the next time.
        let stamps = paths.compactMap(Stamp.init)
        guard stamps.count == paths.count else { return nil }
        if let known = entries.withLock({ $0[paths] }), known.stamps == stamps { return known.value }
        guard let value = read() else { return nil }
        entries.withLock { entries in
            if entries.count >= Self.limit { entries = [:] }
            entries[paths] = Entry(stamps: stamps, value: value)
        }
        return value
    }
}
