import Client
import Synchronization

import struct Foundation.Date

/// Two clocks that only a test moves.
final class ScriptedClock: Sendable {
    private let state = Mutex((date: Date(timeIntervalSince1970: 1_800_000_000), uptime: SuspendingClock.now))

    var clock: ClientClock {
        ClientClock(date: { self.state.withLock { $0.date } }, uptime: { self.state.withLock { $0.uptime } })
    }

    /// Moves both, as time does.
    func advance(_ seconds: Double) {
        state.withLock {
            $0.date = $0.date.addingTimeInterval(seconds)
            $0.uptime = $0.uptime.advanced(by: .seconds(seconds))
        }
    }

    /// Moves the date alone, as somebody who sets a clock does.
    func set(ahead seconds: Double) {
        state.withLock { $0.date = $0.date.addingTimeInterval(seconds) }
    }
}
