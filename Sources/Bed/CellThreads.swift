import Dispatch
import Foundation
import Synchronization

/// The threads that cells are played on: not those that Swift has for all tasks, of which there are as many as cores.
///
/// On those the bed answers: as issuer, as its front, as a peer. A cell that makes keys, or signs, computes for a while, and a server
/// that asks its issuer meanwhile must not wait until its time is up.
final class CellThreads: TaskExecutor {
    static let shared = CellThreads(count: max(4, 2 * ProcessInfo.processInfo.activeProcessorCount))

    private let jobs = Mutex<[UnownedJob]>([])
    private let waiting = DispatchSemaphore(value: 0)

    private init(count: Int) {
        for _ in 0..<count { Thread.detachNewThread { self.work() } }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        waiting.signal()
    }

    /// Takes up what has waited longest, for as long as the program lives.
    private func work() {
        while true {
            waiting.wait()
            jobs.withLock { $0.removeFirst() }.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
