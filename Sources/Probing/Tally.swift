import Synchronization

/// Counts what this process has sent, for a run's account of what it took.
package enum Tally {
    private static let sent = Atomic<Int>(0)

    /// Requests sent since the process started, of every kind: HTTP requests and octets that ought to be some.
    package static var requests: Int { sent.load(ordering: .relaxed) }

    static func noteRequest() { sent.add(1, ordering: .relaxed) }
}
