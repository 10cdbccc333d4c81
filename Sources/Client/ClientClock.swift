package import struct Foundation.Date

/// The two clocks a client needs: the date, which an operator or a test may move, for expiry; and one that only runs
/// forward, for waiting.
package struct ClientClock: Sendable {
    package var date: @Sendable () -> Date
    package var uptime: @Sendable () -> SuspendingClock.Instant
    /// Waits by the second clock; ends early when the task is cancelled.
    package var sleep: @Sendable (Duration) async -> Void

    package init(
        date: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> SuspendingClock.Instant,
        sleep: @escaping @Sendable (Duration) async -> Void = { duration in try? await Task.sleep(for: duration, clock: .suspending) }
    ) {
        self.date = date
        self.uptime = uptime
        self.sleep = sleep
    }

    /// The machine's own.
    package static let system = ClientClock(date: { Date() }, uptime: { SuspendingClock.now })
}
