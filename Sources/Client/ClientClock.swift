package import struct Foundation.Date

/// The two clocks a client needs: the date, which an operator or a test may move, for expiry; and one that only runs
/// forward, for waiting.
package struct ClientClock: Sendable {
    package var date: @Sendable () -> Date
    package var uptime: @Sendable () -> SuspendingClock.Instant

    package init(date: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> SuspendingClock.Instant) {
        self.date = date
        self.uptime = uptime
    }

    /// The machine's own.
    package static let system = ClientClock(date: { Date() }, uptime: { SuspendingClock.now })
}
