import Issuer
import MutualTLS
import Synchronization
import Testing

/// A clock that goes when it is told to.
final class HandClock: Sendable {
    private let time = Mutex(Duration.zero)

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }

    var read: @Sendable () -> Duration { { self.time.withLock { $0 } } }
}

@Suite("Limits on guessing")
struct GuessLimitsTests {
    private let clock = HandClock()

    private func limits(_ bend: (inout GuessLimits.Policy) -> Void = { _ in }) -> GuessLimits {
        var policy = GuessLimits.Policy()
        policy.freeForName = 3
        policy.freeForSource = 5
        policy.longestPause = .seconds(8)
        policy.memory = .seconds(100)
        bend(&policy)
        return GuessLimits(policy: policy, clock: clock.read)
    }

    @Test("After the free tries each failure doubles the pause, up to the longest; the source alone waits")
    func doubling() {
        let limits = limits()
        for _ in 0..<3 {
            #expect(limits.pause("ann", from: "192.0.2.1") == nil)
            limits.failed("ann", from: "192.0.2.1")
        }
        #expect(limits.pause("ann", from: "192.0.2.1") == .seconds(1))
        #expect(limits.pause("ann", from: "192.0.2.2") == nil)
        #expect(limits.pause("bob", from: "192.0.2.1") == nil)
        for expected in [2, 4, 8, 8] {
            clock.advance(.seconds(8))
            #expect(limits.pause("ann", from: "192.0.2.1") == nil)
            limits.failed("ann", from: "192.0.2.1")
            #expect(limits.pause("ann", from: "192.0.2.1") == .seconds(expected))
        }
    }

    @Test("Many names from one source are a pause for the source, and for no other")
    func source() {
        let limits = limits()
        for name in 0..<5 { limits.failed("\(name)", from: "192.0.2.1") }
        #expect(limits.pause("ann", from: "192.0.2.1") == .seconds(1))
        #expect(limits.pause("ann", from: "192.0.2.2") == nil)
    }

    @Test("A try that is begun counts until it ends well, so that many at once are not more")
    func begun() {
        let limits = limits()
        for _ in 0..<3 { #expect(limits.begin("ann", from: "192.0.2.1") == nil) }
        #expect(limits.begin("ann", from: "192.0.2.1") == .seconds(1))
        limits.endedWell("ann", from: "192.0.2.1")
        #expect(limits.begin("ann", from: "192.0.2.1") == nil)
    }

    @Test("Success forgives the name and not the source")
    func forgiven() {
        let limits = limits()
        for _ in 0..<2 { limits.failed("ann", from: "192.0.2.1") }
        limits.succeeded("ann", from: "192.0.2.1")
        for _ in 0..<3 { limits.failed("ann", from: "192.0.2.1") }
        #expect(limits.pause("bob", from: "192.0.2.1") == .seconds(1))
    }

    @Test("Who has succeeded from a source is not held up by what others do there, and still by failures of his own")
    func proven() {
        let limits = limits()
        limits.succeeded("ann", from: "192.0.2.1")
        for name in 0..<5 { limits.failed("\(name)", from: "192.0.2.1") }
        #expect(limits.pause("bob", from: "192.0.2.1") == .seconds(1))
        #expect(limits.pause("ann", from: "192.0.2.1") == nil)
        for _ in 0..<3 { limits.failed("ann", from: "192.0.2.1") }
        #expect(limits.pause("ann", from: "192.0.2.1") == .seconds(1))
    }

    @Test("Which addresses count as one source is a choice: one for all of them lets a guesser lock the owner out")
    func network() {
        let limits = GuessLimits(network: { _ in "" }, clock: clock.read)
        for _ in 0..<10 { limits.failed("ann", from: "192.0.2.1") }
        #expect(limits.pause("ann", from: "198.51.100.1") != nil)
    }

    @Test("What is long ago is forgotten")
    func memory() {
        let limits = limits()
        for _ in 0..<3 { limits.failed("ann", from: "192.0.2.1") }
        clock.advance(.seconds(101))
        limits.failed("ann", from: "192.0.2.1")
        #expect(limits.pause("ann", from: "192.0.2.1") == nil)
    }

    @Test("Addresses of IPv6 count by their network, and ports do not count")
    func networks() {
        let limits = limits()
        for last in 1...3 { limits.failed("ann", from: "2001:db8:1:2::\(last)") }
        #expect(limits.pause("ann", from: "2001:db8:1:2:ffff::9") == .seconds(1))
        #expect(limits.pause("ann", from: "2001:db8:1:3::1") == nil)
    }

    @Test("The memory is bounded, and what failed last is kept")
    func bounded() {
        let limits = limits { $0.capacity = 100 }
        for number in 0..<1000 {
            clock.advance(.milliseconds(1))
            limits.failed("name \(number)", from: "192.0.\(number / 250).\(number % 250)")
        }
        for _ in 0..<3 { limits.failed("ann", from: "198.51.100.1") }
        #expect(limits.pause("ann", from: "198.51.100.1") == .seconds(1))
        #expect(limits.count <= 100)
    }
}

@Suite("Rates of requests")
struct RequestRateTests {
    @Test("So many at once, then so many a second, for each source")
    func rate() {
        let clock = HandClock()
        let rate = RequestRate(burst: 3, perSecond: 2, clock: clock.read)
        for _ in 0..<3 { #expect(rate.take(from: "192.0.2.1") == nil) }
        #expect(rate.take(from: "192.0.2.1") == .milliseconds(500))
        #expect(rate.take(from: "192.0.2.2") == nil)
        clock.advance(.milliseconds(500))
        #expect(rate.take(from: "192.0.2.1") == nil)
        #expect(rate.take(from: "192.0.2.1") != nil)
        clock.advance(.seconds(60))
        for _ in 0..<3 { #expect(rate.take(from: "192.0.2.1") == nil) }
        #expect(rate.take(from: "192.0.2.1") != nil)
    }
}

@Suite("Addresses")
struct IPAddressTests {
    @Test(
        "Only public addresses are public",
        arguments: [
            ("93.184.216.34", true), ("8.8.8.8", true), ("127.0.0.1", false), ("127.255.0.9", false), ("10.0.0.1", false),
            ("172.15.0.1", true), ("172.16.0.1", false), ("172.31.255.255", false), ("172.32.0.1", true), ("192.168.1.1", false),
            ("169.254.169.254", false), ("100.64.0.1", false), ("100.128.0.1", true), ("0.0.0.0", false), ("224.0.0.1", false),
            ("255.255.255.255", false), ("198.18.0.1", false), ("::1", false), ("::", false), ("fe80::1", false), ("fc00::1", false),
            ("ff02::1", false), ("2606:4700::1", true), ("2001:db8::1", false), ("2001::1", false), ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true), ("64:ff9b::a00:1", false), ("2002:7f00:1::1", false), ("::7f00:1", false),
        ])
    func isPublic(text: String, expected: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == expected)
    }

    @Test("Other spellings are no addresses", arguments: ["", "127.1", "0x7f000001", "[::1]", "1.2.3.4.5", "localhost", "::1%lo"])
    func malformed(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
