import Judge
import Testing

@Suite("What is played to prove checks")
struct ProofPlanTests {
    static let parts = (0..<12).map { "case-\($0)" }

    @Test("What acts in different cases is in the subject at once, in a play of these cases alone")
    func together() {
        let plan = ProofPlan(
            parts: Self.parts,
            reaches: ["a": Reach(acts: ["case-1"], kills: ["case-1"]), "b": Reach(acts: ["case-4"], kills: ["case-4"])])
        #expect(plan.plays == [ProofPlay(defects: ["a", "b"], parts: ["case-1", "case-4"])])
    }

    @Test("A case that must turn red has nothing else in it")
    func apart() {
        let plan = ProofPlan(
            parts: Self.parts,
            reaches: ["a": Reach(acts: ["case-1"], kills: ["case-1"]), "b": Reach(acts: ["case-1", "case-4"], kills: ["case-4"])])
        #expect(plan.plays.allSatisfy { !$0.parts.contains("case-1") || $0.defects.count == 1 })
        #expect(plan.plays.count == 2)
    }

    @Test("What may change nothing is shown of all of them at once")
    func unchanged() {
        let quiet = (0..<30).map { ("quiet-\($0)", Reach(acts: Set(Self.parts), kills: [])) }
        let plan = ProofPlan(parts: Self.parts, reaches: Dictionary(uniqueKeysWithValues: quiet))
        #expect(plan.plays == [ProofPlay(defects: Set(quiet.map(\.0)), parts: Set(Self.parts))])
    }

    @Test("Where anybody is let in, nothing is shown of others")
    func drowning() {
        let plan = ProofPlan(
            parts: Self.parts,
            reaches: [
                "open": Reach(acts: ["case-1"], kills: [], drownsOthers: true), "quiet": Reach(acts: Set(Self.parts), kills: []),
                "red": Reach(acts: ["case-2"], kills: ["case-2"]),
            ])
        #expect(plan.plays.contains(ProofPlay(defects: ["open"], parts: ["case-1"])))
        #expect(plan.plays.allSatisfy { !$0.defects.contains("open") || $0.defects.count == 1 })
    }

    @Test("What acts nowhere is not played, and a kill where it does not act is none")
    func nowhere() {
        let plan = ProofPlan(parts: Self.parts, reaches: ["a": Reach(acts: [], kills: ["case-1"])])
        #expect(plan.plays.isEmpty)
        let other = ProofPlan(parts: Self.parts, reaches: ["a": Reach(acts: ["case-2"], kills: ["case-1"])])
        #expect(other.plays == [ProofPlay(defects: ["a"], parts: ["case-2"])])
        #expect(!other.kills("case-1", "a"))
    }

    @Test("Every defect is shown in every case in which it acts, and alone where it must turn red", arguments: 0..<40)
    func complete(seed: Int) {
        var random = Dice(state: UInt64(seed))
        var reaches: [String: Reach] = [:]
        for number in 0..<Int.random(in: 1...25, using: &random) {
            let isWide = Bool.random(using: &random)
            let acts = Self.parts.filter { _ in Int.random(in: 0..<10, using: &random) < (isWide ? 9 : 2) }
            let kills = acts.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
            reaches["d\(number)"] = Reach(acts: Set(acts), kills: Set(kills), drownsOthers: Int.random(in: 0..<12, using: &random) == 0)
        }
        let plan = ProofPlan(parts: Self.parts, reaches: reaches)
        for (defect, reach) in reaches {
            for part in reach.acts {
                let shown = plan.plays.filter { $0.defects.contains(defect) && $0.parts.contains(part) }
                #expect(!shown.isEmpty, "\(defect) in \(part)")
                guard reach.kills.contains(part) else { continue }
                #expect(shown.allSatisfy { plan.acting(part, of: $0.defects) == [defect] })
            }
            if reach.drownsOthers { #expect(plan.plays.allSatisfy { !$0.defects.contains(defect) || $0.defects.count == 1 }) }
        }
        let pairs = reaches.values.reduce(0) { $0 + $1.acts.count }
        #expect(plan.plays.count <= pairs)
    }

    @Test("What came out odd is played in halves, then alone, then with everything there is")
    func followUps() {
        let all = Set(Self.parts)
        let plan = ProofPlan(
            parts: Self.parts,
            reaches: [
                "a": Reach(acts: all, kills: []), "b": Reach(acts: all, kills: []), "c": Reach(acts: ["case-3"], kills: []),
                "d": Reach(acts: ["case-0"], kills: []),
            ])
        let first = plan.followUps(to: ProofPlay(defects: ["a", "b", "c"], parts: all), odd: ["case-3"])
        #expect(Set(first) == [ProofPlay(defects: ["a"], parts: ["case-3"]), ProofPlay(defects: ["b", "c"], parts: ["case-3"])])
        let second = plan.followUps(to: ProofPlay(defects: ["c", "d"], parts: ["case-0", "case-3"]), odd: ["case-3"])
        #expect(second == [ProofPlay(defects: ["c"], parts: ["case-3"])])
        let third = plan.followUps(to: ProofPlay(defects: ["c"], parts: ["case-3"]), odd: ["case-3"])
        #expect(third == [ProofPlay(defects: ["c"], parts: all)])
        #expect(plan.followUps(to: third[0], odd: ["case-3"]).isEmpty)
        #expect(plan.followUps(to: ProofPlay(defects: ["a", "b"], parts: all), odd: []).isEmpty)
    }
}

/// The same numbers in every run (SplitMix64).
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
