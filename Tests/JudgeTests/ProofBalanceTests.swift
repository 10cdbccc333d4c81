import Judge
import Scenarios
import Testing

@Suite("What proves a defect")
struct ProofBalanceTests {
    static func result(_ verdict: Verdict, held: Bool? = nil) -> CheckResult {
        var result = CheckResult(check: "x", level: .must, ruling: .held("as it was told"), bites: [])
        (result.verdict, result.held) = (verdict, held)
        return result
    }

    /// Two checks of one cell and one of another, all of which pass with the right subject. `bent` must turn the first one red.
    static var balance: ProofBalance {
        var balance = ProofBalance(
            right: ["a@s": result(.pass), "b@s": result(.pass), "c@s": result(.recorded, held: true)], sentinels: ["dead"],
            loosening: ["open"])
        balance.decide(["a@s", "b@s"], in: "one@s")
        balance.decide(["c@s"], in: "two@s")
        balance.expect(["a@s"], of: "bent", in: "one@s")
        return balance
    }

    /// - Returns: What is found of a defect with which the checks come to these verdicts.
    static func finding(_ verdicts: [String: Verdict], with defect: String = "bent") -> ProofFinding {
        var balance = balance
        for (check, verdict) in verdicts { balance.note(result(verdict), of: check, with: defect) }
        return balance.finding(defect, cells: 2)
    }

    @Test("It is proven where exactly its checks turn red")
    func proven() {
        let finding = Self.finding(["a@s": .fail, "b@s": .pass, "c@s": .recorded])
        #expect(finding.proven)
        #expect(finding.killed == ["a@s"])
        #expect(finding.cells == 2)
        #expect(Self.finding(["a@s": .warn]).proven)
    }

    @Test(
        "A check that stays green survives, and so does one that is left undecided, or was not played",
        arguments: [.pass, .inconclusive, nil] as [Verdict?])
    func survived(verdict: Verdict?) {
        let finding = Self.finding(verdict.map { ["a@s": $0] } ?? [:])
        #expect(!finding.proven)
        #expect(finding.survived.count == 1)
    }

    @Test("What changes besides is collateral, except for what stands on a check that was really killed")
    func collateral() {
        #expect(Self.finding(["a@s": .fail, "b@s": .fail]).collateral == ["b@s (fail: as it was told)"])
        #expect(Self.finding(["a@s": .fail, "b@s": .inconclusive]).proven)
        #expect(!Self.finding(["a@s": .fail, "c@s": .inconclusive]).proven)
        #expect(Self.finding(["a@s": .pass, "b@s": .inconclusive]).collateral.count == 1)
        #expect(Self.finding(["b@s": .inconclusive], with: "open").proven)
        #expect(!Self.finding(["b@s": .fail], with: "open").proven)
    }

    @Test("A sentinel earns no pass")
    func sentinel() {
        #expect(Self.finding(["a@s": .inconclusive, "b@s": .error, "c@s": .fail], with: "dead").proven)
        #expect(Self.finding(["a@s": .pass, "c@s": .recorded], with: "dead").collateral == ["a@s", "c@s"])
    }

    @Test("A check of a defect that did nothing when it was watched is VOID, or the watch is wrong")
    func void() {
        var balance = Self.balance
        balance.foreseeNothing(["a@s"], of: "bent")
        balance.note(Self.result(.pass), of: "a@s", with: "bent")
        #expect(balance.finding("bent", cells: 1).void.count == 1)
        balance.note(Self.result(.fail), of: "a@s", with: "bent")
        let finding = balance.finding("bent", cells: 1)
        #expect(finding.unforeseen == ["a@s"])
        #expect(!finding.proven)
    }

    @Test("Odd is what did not come, what did not turn red with its defect alone, and what changed without one that may change it")
    func odd() {
        let balance = Self.balance
        #expect(balance.isOdd("a@s", nil, with: ["bent"]))
        #expect(!balance.isOdd("a@s", Self.result(.fail), with: ["bent"]))
        #expect(balance.isOdd("a@s", Self.result(.pass), with: ["bent"]))
        #expect(balance.isOdd("a@s", Self.result(.fail), with: ["bent", "other"]))
        #expect(balance.isOdd("b@s", Self.result(.fail), with: ["bent"]))
        #expect(!balance.isOdd("b@s", Self.result(.pass), with: ["bent", "other"]))
        #expect(!balance.isOdd("b@s", Self.result(.inconclusive), with: ["bent"]))
        #expect(balance.isOdd("b@s", Self.result(.inconclusive), with: ["other"]))
        #expect(!balance.isOdd("b@s", Self.result(.inconclusive), with: ["open"]))
        #expect(balance.isOdd("b@s", Self.result(.inconclusive), with: []))
    }
}
