import Foundation

/// The machine's monotonic clock, the same in every process, and untouched when a scenario moves the subjects' clock.
package enum MonotonicClock {
    package static func nanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    /// What the calling thread has had of the processors.
    static func threadNanoseconds() -> Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
