import Foundation
import Probing
import Synchronization
import SystemPackage
package import Trace

/// Appends events to `events.jsonl`, one whole line per write, so that a run killed at any moment leaves a readable trace.
package final class TraceWriter: Sendable {
    private struct State: ~Copyable {
        var next = 1
        var failure: String?
    }

    private let file: FileDescriptor
    private let start: Int64
    /// The wall-clock time at the run's start, in seconds since 1970.
    package let startedAt: Double
    private let state = Mutex(State())
    /// Called with each event after it was written, for progress.
    private let observer: @Sendable (TraceEvent) -> Void

    package init(path: String, observer: @escaping @Sendable (TraceEvent) -> Void) throws {
        do {
            file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .append, .closeOnExec], permissions: [.ownerReadWrite])
        } catch {
            throw BedError("cannot write the trace \(path): \(error)")
        }
        start = MonotonicClock.nanoseconds()
        startedAt = Date().timeIntervalSince1970
        self.observer = observer
    }

    /// Nanoseconds since the run's start.
    package var now: Int64 { MonotonicClock.nanoseconds() - start }

    /// An instant of the monotonic clock as nanoseconds since the run's start.
    package func relative(_ nanoseconds: Int64) -> Int64 { nanoseconds - start }

    /// Writes one event; `fill` sets its content. A disk that is full is remembered, and reported by `check()`.
    package func write(cell: String? = nil, _ fill: (inout TraceEvent) -> Void) {
        let event = state.withLock { state -> TraceEvent? in
            guard state.failure == nil else { return nil }
            var event = TraceEvent(n: state.next, at: now, cell: cell)
            fill(&event)
            do {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                var line = try encoder.encode(event)
                line.append(0x0A)
                _ = try line.withUnsafeBytes { try file.writeAll($0) }
                state.next += 1
                return event
            } catch {
                state.failure = "cannot write the trace: \(error)"
                return nil
            }
        }
        if let event { observer(event) }
    }

    /// - Throws: `BedError` when an event could not be written: from there on the trace is not whole.
    package func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw BedError(failure) }
    }

    package func close() { try? file.close() }
}
