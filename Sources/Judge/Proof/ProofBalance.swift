/// What is expected of each defect, what has come of it, and whether that proves it. Checks go by `CHECK@SCHEME`, and each is decided
/// in one cell.
package struct ProofBalance: Sendable {
    /// What the checks are with the right subjects.
    private let right: [String: CheckResult]
    private let sentinels: Set<String>
    /// Those that let somebody in whom they should not: what stands on a refusal is left undecided by them.
    private let loosening: Set<String>
    private var cells: [String: String] = [:]
    /// By defect: the checks that it must turn red, with their cells; and those of them in whose cell it did nothing when it was watched.
    private var expected: [String: [String: String]] = [:]
    private var unacted: [String: Set<String>] = [:]
    /// By defect: what the checks were with it.
    private var bent: [String: [String: CheckResult]] = [:]

    package init(right: [String: CheckResult], sentinels: Set<String> = [], loosening: Set<String> = []) {
        self.right = right
        self.sentinels = sentinels
        self.loosening = loosening
    }

    package mutating func decide(_ checks: some Sequence<String>, in cell: String) {
        for check in checks { cells[check] = cell }
    }

    /// - Parameter checks: Those of the cell that the defect must turn red.
    package mutating func expect(_ checks: Set<String>, of defect: String, in cell: String) {
        for check in checks { expected[defect, default: [:]][check] = cell }
    }

    /// It did nothing where these checks are decided.
    package mutating func foreseeNothing(_ checks: Set<String>, of defect: String) {
        unacted[defect, default: []].formUnion(checks)
    }

    package mutating func note(_ result: CheckResult?, of check: String, with defect: String) {
        bent[defect, default: [:]][check] = result
    }

    /// Whether a check did not come out as it must, with these defects acting where it is decided.
    package func isOdd(_ check: String, _ result: CheckResult?, with acting: Set<String>) -> Bool {
        guard let result else { return true }
        if let killer = acting.first(where: { expected[$0]?[check] != nil }) { return !(result.isRed && acting == [killer]) }
        guard result.verdict != right[check]?.verdict else { return false }
        // What stands on a check that is killed, or on a control that no longer holds, is left undecided by it.
        guard result.verdict == .inconclusive, acting.count == 1, let only = acting.first, let cell = cells[check] else { return true }
        return !loosening.contains(only) && !(expected[only]?.values.contains(cell) ?? false)
    }

    /// - Parameter cells: In how many it was played.
    package func finding(_ defect: String, cells count: Int) -> ProofFinding {
        var finding = ProofFinding(defect: defect)
        finding.cells = count
        let bent = bent[defect] ?? [:], expected = expected[defect] ?? [:], unacted = unacted[defect] ?? []
        for check in expected.keys.sorted() {
            if let result = bent[check], result.isRed {
                finding.killed.append(check)
                if unacted.contains(check) { finding.unforeseen.append(check) }
            } else {
                let words = "\(check) (\(bent[check]?.verdict.rawValue ?? "not decided"): \(bent[check]?.why ?? ""))"
                if unacted.contains(check) { finding.void.append(words) } else { finding.survived.append(words) }
            }
        }
        if sentinels.contains(defect) {
            finding.collateral = bent.filter { $0.value.verdict == .pass || $0.value.verdict == .recorded }.map(\.key)
        } else {
            let hit = Set(finding.killed.compactMap { expected[$0] })
            finding.collateral = bent.compactMap { check, result in
                guard expected[check] == nil, let before = right[check], before.verdict != result.verdict else { return nil }
                // As it stands at `isOdd`, with what was really killed.
                if result.verdict == .inconclusive, loosening.contains(defect) || cells[check].map(hit.contains) ?? false { return nil }
                return "\(check) (\(result.verdict.rawValue): \(result.why))"
            }
        }
        finding.conclude()
        return finding
    }
}

extension CheckResult {
    /// Whether nothing was found out: on a machine that is too busy, or where somebody depends on what went wrong before.
    package var isUndecided: Bool { [.inconclusive, .error].contains(verdict) }

    /// Whether a right subject may come to it.
    package var isClean: Bool { [.pass, .recorded, .notApplicable].contains(verdict) }

    package var isRed: Bool { [.fail, .warn].contains(verdict) || verdict == .recorded && held == false }
}
