import Serving
import Synchronization
import Testing

@Suite("Refusals a minute")
struct RefusalRateTests {
    private final class Clock: Sendable {
        private let offset = Mutex(Duration.zero)
        private let start = ContinuousClock.now
        var now: ContinuousClock.Instant { start + offset.withLock { $0 } }
        func move(_ time: Duration) { offset.withLock { $0 += time } }
    }

    @Test("So many are within the rate, whatever their ports; the next is told how long to wait, and comes through then")
    func rate() {
        let clock = Clock()
        let rate = RefusalRate(perMinute: 3) { clock.now }
        for port in 1...3 { #expect(rate.note("192.0.2.1:\(port)") == nil) }
        #expect(rate.note("192.0.2.1:4") == 20)
        clock.move(.seconds(19))
        #expect(rate.note("192.0.2.1:4") == 1)
        clock.move(.seconds(1))
        #expect(rate.note("192.0.2.1:4") == nil)
        #expect(rate.note("192.0.2.1:4") == 20)
    }

    @Test("Another address is not affected")
    func apart() {
        let clock = Clock()
        let rate = RefusalRate(perMinute: 1) { clock.now }
        #expect(rate.note("192.0.2.1:1") == nil)
        #expect(rate.note("192.0.2.1:1") != nil)
        #expect(rate.note("[2001:db8::1]:1") == nil)
    }

    @Test("Of many addresses those that tried most are remembered")
    func bounded() {
        let clock = Clock()
        let rate = RefusalRate(perMinute: 2, capacity: 10) { clock.now }
        for _ in 1...2 { _ = rate.note("192.0.2.1:1") }
        for number in 1...50 { _ = rate.note("198.51.100.\(number):1") }
        #expect(rate.note("192.0.2.1:1") != nil)
    }
}
