import Client
import Synchronization

import struct Foundation.Date

/// Two clocks that only a test moves.
final class ScriptedClock: Sendable {
    private let state = Mutex((date: Date(timeIntervalSince1970: 1_800_000_000), uptime: SuspendingClock.now))

    private let pauses = Mutex<[Duration]>([])

    /// What was waited for: it passes at once.
    var waited: [Duration] { pauses.withLock { $0 } }

    var clock: ClientClock {
        ClientClock(
            date: { self.state.withLock { $0.date } }, uptime: { self.state.withLock { $0.uptime } },
            sleep: { duration in
                self.pauses.withLock { $0.append(duration) }
                self.advance(Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18)
                await Task.yield()
            })
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
