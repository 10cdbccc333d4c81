import Foundation

/// The machine's monotonic clock, the same in every process, and untouched when a scenario moves the subjects' clock.
package enum MonotonicClock {
    package static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
