import Bed
import Testing

@Suite("Two ways of measuring, beside themselves")
struct PairedDifferenceTests {
    @Test("They agree when they differ by no more than each does from itself")
    func agree() throws {
        let difference = try #require(PairedDifference(([100, 104, 98], [103, 100, 101]), ([102, 99, 103], [98, 104, 100])))
        #expect(difference.verdict == .agree)
        #expect(abs(difference.ratio - 1) < 0.03)
        #expect(abs(difference.noise - 104.0 / 99 + 1) < 1e-9)
    }

    @Test("The same difference does not pass between quieter figures", arguments: [1.2, 1 / 1.2])
    func differ(_ factor: Double) throws {
        let quiet = try #require(
            PairedDifference(([100, 100, 101], [101, 100, 100]), ([100 * factor, 100 * factor], [100 * factor, 101 * factor])))
        #expect(quiet.verdict == .differ)
        let loud = try #require(
            PairedDifference(([100, 100], [121, 100]), ([100 * factor, 100 * factor], [100 * factor, 121 * factor])))
        #expect(loud.verdict == .agree)
    }

    @Test("Where one differs from itself by a quarter, nothing is said")
    func noisy() throws {
        let difference = try #require(PairedDifference(([100, 140], [100, 100]), ([100, 100], [130, 100])))
        #expect(difference.verdict == .tooNoisy)
    }

    @Test("One round that was disturbed does not decide")
    func outlier() throws {
        let steady = Array(repeating: 100.0, count: 11)
        var disturbed = steady
        disturbed[3] = 500
        let difference = try #require(PairedDifference((disturbed, steady), (steady, steady)))
        #expect(difference.ratio == 1)
        #expect(difference.noise == 0)
        #expect(difference.verdict == .agree)
    }

    @Test("Nothing, and figures of nothing, are no difference")
    func nothing() {
        #expect(PairedDifference(([], [1]), ([1], [1])) == nil)
        #expect(PairedDifference(([0], [1]), ([1], [1])) == nil)
    }
}
