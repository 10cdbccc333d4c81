import Dispatch
package import Foundation
import Synchronization

/// Revocation lists in one file, PEM or DER, read again whenever it changes.
///
/// Every question looks at the file's date (one system call), so that a revocation counts from the next request on. A change
/// is read on a thread of its own, once for all who ask meanwhile.
package final class FileRevocationSource: RevocationSource {
    /// Longer files are not read.
    package static let maximumLength = 64 * 1024 * 1024

    package let path: String
    private let store: RevocationListStore
    private let trust: TrustStore
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "revocation list")

    private struct State {
        var seen: Seen?
        var again: Date?
        var problem: String?
        var loading: Task<Void, Never>?
    }

    /// The version of the file and of the trust that its lists were judged by.
    private struct Seen: Hashable {
        var stamp: FileStamp?
        var trusted: UInt64
    }

    /// - Parameters:
    ///   - rules: When a list takes the place of the one before.
    ///   - report: Told, in a sentence, of each version of the file that cannot be used, once.
    package init(
        path: String, trust: TrustStore, rules: PublishedRules<RevocationListEvidence> = RevocationListRules.all,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.path = path
        self.trust = trust
        self.report = report
        store = RevocationListStore(trust: trust, rules: rules)
    }

    package func status(of peer: PeerCertificate, at now: Date) async -> RevocationStatus {
        if let loading = change(at: now) { await loading.value }
        return await store.status(of: peer, at: now)
    }

    /// Whether there is any list to judge by.
    package var hasLists: Bool { store.nextUpdate != nil }

    /// Reads the file now, changed or not.
    /// - Returns: What is wrong with it, or nil; the lists from before stay in use when something is.
    @discardableResult
    package func reload(at now: Date) async -> String? {
        await load(at: now)
        return state.withLock { $0.problem }
    }

    /// The same for a caller that may block, such as a program that is starting.
    @discardableResult
    package func loadBlocking(at now: Date) -> String? {
        queue.sync { read(at: now) }
        return state.withLock { $0.problem }
    }

    /// The reading of a version that was not read before; nil when there is none.
    private func change(at now: Date) -> Task<Void, Never>? {
        let version = Seen(stamp: FileStamp(path), trusted: trust.current.generation)
        return state.withLock { state in
            if let loading = state.loading { return loading }
            guard version != state.seen || state.again.map({ now >= $0 }) == true else { return nil }
            let loading = Task { await load(at: now) }
            state.loading = loading
            return loading
        }
    }

    private func load(at now: Date) async {
        await withCheckedContinuation { done in
            queue.async {
                self.read(at: now)
                done.resume()
            }
        }
    }

    private func read(at now: Date) {
        // Taken before the file is read: a change in between is then noticed the next time.
        let version = Seen(stamp: FileStamp(path), trusted: trust.current.generation)
        let outcome = contents().map { store.take($0, at: now) }
        let problems: [String]
        switch outcome {
        case .success(let outcome): problems = outcome.problems
        case .failure(let failure): problems = [failure.description]
        }
        if case .failure(let failure) = outcome { store.note(failure.description) }
        let problem = problems.isEmpty ? nil : "\(path): " + problems.joined(separator: "; ")
        state.withLock { state in
            state.seen = version
            state.again = try? outcome.get().again
            state.problem = problem
            state.loading = nil
        }
        if let problem { report(problem) }
    }

    private func contents() -> Result<[UInt8], Unreadable> {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: Self.maximumLength + 1)
        else {
            return .failure(Unreadable(description: "cannot be read as a file of revocation lists"))
        }
        guard data.count <= Self.maximumLength else { return .failure(Unreadable(description: "is longer than 64 MiB")) }
        return .success([UInt8](data))
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }
}
