import Synchronization

/// Counts the processes that this one has started, for a run's account of what it took.
package enum StartedProcesses {
    private static let started = Atomic<Int>(0)

    package static var count: Int { started.load(ordering: .relaxed) }

    static func note() { started.add(1, ordering: .relaxed) }
}
