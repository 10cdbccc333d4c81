import ArgumentParser
import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into cancellation, so that every process that was started is stopped before the program ends.
enum Interruption {
    static func guarded<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await body() }
        let id = UUID()
        running.withLock { $0[id] = { task.cancel() } }
        defer { running.withLock { $0[id] = nil } }
        _ = sources
        return try await task.value
    }

    /// How a program ends that was told to stop, as a shell has it: 130 after Ctrl-C, 143 after SIGTERM; nil: nobody told it to.
    static var status: ExitCode? { received.withLock { $0 }.map { ExitCode(128 + $0) } }

    /// The signal that came first.
    private static let received = Mutex<Int32?>(nil)

    /// What is under way, by a number of its own, and how it is cancelled.
    private static let running = Mutex<[UUID: @Sendable () -> Void]>([:])

    /// Made once and never changed. They are there for as long as the program runs: once a source of a signal was cancelled, Dispatch on Linux
    /// delivers the signal to no other.
    nonisolated(unsafe) private static let sources = [SIGINT, SIGTERM].map { number -> any DispatchSourceSignal in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            received.withLock { $0 = $0 ?? number }
            let cancellations = running.withLock { Array($0.values) }
            // Between two tasks there is nothing to take down.
            guard !cancellations.isEmpty else { exit(128 + number) }
            Terminal.complain("stopping: what was started is being taken down")
            for cancel in cancellations { cancel() }
        }
        source.resume()
        return source
    }
}
