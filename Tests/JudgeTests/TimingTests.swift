import Judge
import Testing
import Trace

@Suite("What the time of an answer tells")
struct TimingTests {
    private static let classes = [0, 0, 0, 1, 8, 16, 32, 42]

    /// Answers of 100 µs with noise, and some that were held up.
    /// - Parameter cost: Nanoseconds by the number of right characters.
    private func samples(blocks: Int, noise: Int, seed: UInt64, cost: (Int) -> Double) -> TimingSamples {
        var random = Noise(state: seed)
        let repeats = (0..<5).map { _ in
            (0..<blocks).map { _ in
                Self.classes.map { right in
                    let jitter = (0..<4).reduce(0) { sum, _ in sum + Int(random.next() % UInt64(noise + 1)) - noise / 2 }
                    let heldUp = random.next() % 50 == 0 ? 400_000 : 0
                    return 100_000 + jitter + heldUp + Int(cost(right))
                }
            }
        }
        return TimingSamples(classes: Self.classes, length: 43, repeats: repeats)
    }

    @Test("A microsecond for every right character is found, in few blocks", arguments: 1...10 as ClosedRange<UInt64>)
    func perCharacter(seed: UInt64) throws {
        let verdict = try #require(TimingVerdict(samples(blocks: 60, noise: 4000, seed: seed) { Double($0) * 1000 }))
        #expect(verdict.finding == .leaksPerCharacter)
        #expect(abs(verdict.slope - 1000) < 100)
    }

    @Test("What differs at the first character only is another finding", arguments: 1...10 as ClosedRange<UInt64>)
    func firstCharacter(seed: UInt64) throws {
        let verdict = try #require(TimingVerdict(samples(blocks: 200, noise: 2000, seed: seed) { $0 > 0 ? 5000 : 0 }))
        #expect(verdict.finding == .leaksFirstCharacter)
    }

    @Test(
        "Nothing is found where nothing is, and in great noise it is said how much more it would take",
        arguments: 1...40 as ClosedRange<UInt64>)
    func nothing(seed: UInt64) throws {
        let verdict = try #require(TimingVerdict(samples(blocks: 60, noise: 20_000, seed: seed) { _ in 0 }))
        guard case .undecided(let blocks) = verdict.finding else {
            Issue.record("\(verdict.words)")
            return
        }
        #expect(blocks > 60)
        #expect(verdict.smallest > TimingVerdict.target)
    }

    @Test("With little noise it is said that nothing above the target is there")
    func clean() throws {
        let verdict = try #require(TimingVerdict(samples(blocks: 2000, noise: 40, seed: 7) { _ in 0 }))
        #expect(verdict.finding == .nothingAbove(TimingVerdict.target))
    }

    @Test("Too few blocks say nothing at all")
    func few() {
        #expect(TimingVerdict(samples(blocks: 10, noise: 100, seed: 1) { _ in 0 }) == nil)
        #expect(TimingVerdict(TimingSamples(classes: Self.classes, length: 43, repeats: [])) == nil)
    }

    /// SplitMix64.
    private struct Noise: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
