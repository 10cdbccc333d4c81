package import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Revocation lists in one PEM file, read again whenever it changes.
///
/// A file that cannot be read or verified does not displace the lists from before: these stay until they expire,
/// and then the answer is that nothing is known. The same holds for a list with a lower number than the one before.
package final class FileRevocationSource: RevocationSource {
    private let path: String
    private let authorities: RevocationAuthorities
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        var seen: Stamp?
        var hasLooked = false
        var lists: RevocationLists?
        var problem: String? = "the revocation list has not been read"
    }

    /// Which version of the file it is; a writer that replaces the file changes the inode.
    private struct Stamp: Hashable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int64
        var inode: UInt64
    }

    /// - Parameter report: Told, in a sentence, of each version of the file that cannot be used, once.
    package init(path: String, authorities: RevocationAuthorities, report: @escaping @Sendable (String) -> Void = { _ in }) {
        self.path = path
        self.authorities = authorities
        self.report = report
    }

    package func current(at now: Date) async -> RevocationState {
        state.withLock { state in
            refresh(&state, force: false)
            return state.lists.map { .lists($0) } ?? .unavailable(state.problem ?? "there is no revocation list")
        }
    }

    /// Reads the file now, changed or not.
    /// - Returns: What is wrong with it, or nil; the lists from before stay in use when something is.
    @discardableResult
    package func reload() -> String? {
        state.withLock { state in
            refresh(&state, force: true)
            return state.problem
        }
    }

    private func refresh(_ state: inout State, force: Bool) {
        let stamp = Self.stamp(of: path)
        guard force || !state.hasLooked || stamp != state.seen else { return }
        // Taken before the file is read: a change in between is then noticed the next time.
        (state.seen, state.hasLooked) = (stamp, true)
        do {
            state.lists = try load(after: state.lists)
            state.problem = nil
        } catch {
            let problem = "\(path): \(error)"
            state.problem = problem
            report(problem)
        }
    }

    private func load(after previous: RevocationLists?) throws(Problem) -> RevocationLists {
        let lists: [RevocationList]
        do {
            lists = try RevocationList.all(inPEM: String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self))
        } catch let defect as RevocationList.Defect {
            throw Problem("not a usable revocation list: \(defect)")
        } catch {
            throw Problem("cannot be read as a PEM file of revocation lists")
        }
        guard !lists.isEmpty else { throw Problem("holds no revocation list") }
        for list in lists {
            guard authorities.vouch(for: list) else { throw Problem("a list is not signed by an authority that may") }
            if let before = previous?.lists[list.issuer]?.number, !Self.isNumber(list.number, atLeast: before) {
                throw Problem("a list has number \(list.number ?? "none"), lower than \(before) before")
            }
        }
        return RevocationLists(lists, authorities: authorities)
    }

    /// Hexadecimal without leading zero bytes orders by length first.
    private static func isNumber(_ number: String?, atLeast other: String) -> Bool {
        guard let number else { return false }
        return number.utf8.count == other.utf8.count ? number >= other : number.utf8.count > other.utf8.count
    }

    private static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int64(status.st_size), inode: UInt64(status.st_ino))
    }

    private struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
