import Synchronization
import Trace

/// Ends a cell whose server has stopped answering: every further call would only wait for its time-out.
final class Patience: Sendable {
    /// So many calls in a row without any answer are enough.
    static let limit = 3

    private let silent = Mutex((count: 0, face: ""))

    func note(_ event: CallEvent) {
        silent.withLock {
            let isSilent = event.outcome == .dropped && event.status == nil
            $0 = isSilent ? ($0.count + 1, event.face ?? "no reason") : (0, "")
        }
    }

    /// - Throws: `BedError` when the limit is reached.
    func check() throws {
        let (count, face) = silent.withLock { $0 }
        if count >= Self.limit { throw BedError("the server does not answer any more: \(count) calls in a row, the last with \(face)") }
    }
}
