import ArgumentParser
import Bed
import Foundation
import Judge
import Scenarios

/// What became of one defect, or of one sentinel.
struct ProofFinding: Sendable, Encodable {
    var defect: String
    var proven: Bool
    /// `killed` by its checks; `survived` where one of them did not turn red; `collateral` where another did.
    var killed: [String]
    var survived: [String]
    var collateral: [String]
    var cells: Int

    var line: String {
        let mark = proven ? "●" : "▲"
        var text = "\(mark) \(defect)  killed by \(killed.count) of \(killed.count + survived.count), \(cells) cells"
        if !survived.isEmpty { text += "\n    survived: \(survived.joined(separator: ", "))" }
        if !collateral.isEmpty { text += "\n    collateral: \(collateral.joined(separator: ", "))" }
        return text
    }
}

/// Plays the right subjects and then each defective one, and compares the verdicts.
struct Prover: Sendable {
    let root: String
    let results: String
    let catalogue: Catalogue
    let quick: Bool
    private let era = "2026-07-28"

    init(root: String, results: String, catalogue: Catalogue, quick: Bool) throws {
        self.root = root
        self.results = results
        self.catalogue = catalogue
        self.quick = quick
    }

    func prove(_ defects: [Defect], jobs: Int, progress: @escaping @Sendable (String) -> Void) async throws -> [ProofFinding] {
        // The PKI is built once, before anybody needs it at the same time.
        _ = try RunFolder(root: root, results: results, name: "prove", latest: false)
        var needed: Set<String> = []
        for defect in defects { needed.formUnion(try cells(for: defect).map(\.id)) }
        progress("the right subjects first: \(needed.count) cells")
        let right = try await verdicts(try allCells(nil).filter { needed.contains($0.id) }, name: "prove/right", jobs: jobs)
        let unclean = right.filter { $0.value.verdict != .pass && $0.value.verdict != .recorded && $0.value.verdict != .notApplicable }
        guard unclean.isEmpty else {
            for (key, verdict) in unclean.sorted(by: { $0.key < $1.key }) {
                progress("  \(key): \(verdict.verdict.rawValue): \(verdict.why)")
            }
            throw BedError("the right subjects do not pass: nothing can be proven with them")
        }
        progress("and then \(defects.count) defects")
        return try await withThrowingTaskGroup(of: (Int, ProofFinding).self) { group in
            var findings: [Int: ProofFinding] = [:]
            // Sentinels first: the one that hangs takes longest.
            let order = defects.enumerated().sorted { $0.element.isSentinel && !$1.element.isSentinel }
            for (position, (index, defect)) in order.enumerated() {
                if position >= jobs, let (at, finding) = try await group.next() { findings[at] = finding }
                group.addTask {
                    let finding = try await self.prove(defect, right)
                    if !finding.proven { progress(finding.line) }
                    return (index, finding)
                }
            }
            for try await (at, finding) in group { findings[at] = finding }
            return findings.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func prove(_ defect: Defect, _ right: [String: CheckResult]) async throws -> ProofFinding {
        let cells = try cells(for: defect)
        let name = "prove/" + defect.id.replacingOccurrences(of: "/", with: ".")
        let bent = try await verdicts(cells, name: name, jobs: 1)
        var finding = ProofFinding(defect: defect.id, proven: false, killed: [], survived: [], collateral: [], cells: cells.count)
        if defect.isSentinel {
            finding.collateral = bent.filter { $0.value.verdict == .pass || $0.value.verdict == .recorded }.keys.sorted()
        }
        for key in expected(defect, cells) {
            if let check = bent[key], [.fail, .warn].contains(check.verdict) || check.verdict == .recorded && check.held == false {
                finding.killed.append(key)
            } else {
                finding.survived.append("\(key) (\(bent[key]?.verdict.rawValue ?? "not decided"): \(bent[key]?.why ?? ""))")
            }
        }
        if !defect.isSentinel {
            let red = Set(finding.killed)
            for (key, verdict) in bent where !red.contains(key) && !finding.survived.contains(where: { $0.hasPrefix(key) }) {
                guard let before = right[key], before.verdict != verdict.verdict else { continue }
                // What stands on a check that was killed, or on a control that no longer holds, is left undecided by it.
                if verdict.verdict == .inconclusive, defect.loosens || cells.contains(where: { $0.decides(key) && $0.decides(anyOf: red) })
                {
                    continue
                }
                finding.collateral.append("\(key) (\(verdict.verdict.rawValue): \(verdict.why))")
            }
        }
        finding.proven = finding.survived.isEmpty && finding.collateral.isEmpty
        finding.collateral.sort()
        return finding
    }

    /// The checks of the kill set, as `CHECK@SCHEME`.
    private func expected(_ defect: Defect, _ cells: [Cell]) -> [String] {
        let decided = Set(cells.flatMap { cell in cell.decided })
        return Set(cells.map(\.scheme.id)).flatMap { scheme in defect.kills(in: scheme).map { "\($0)@\(scheme)" } }.filter {
            decided.contains($0)
        }.sorted()
    }

    /// What a defect could touch: the cells of those schemes in which a check of its kill set is decided.
    private func cells(for defect: Defect) throws -> [Cell] {
        let all = try allCells(defect)
        if defect.isSentinel {
            // A few are enough for a server that does not listen to what it is asked; each takes its time to fail.
            let few: Set = [
                "scope/read-cannot-write@api-key", "replay/captured@mtls", "identity/wrong-key@api-key", "rotation/under-load@api-key",
            ]
            return all.filter { few.contains($0.id) }
        }
        let deciding = all.filter { cell in
            cell.scenario.decisions.contains { defect.kills(in: cell.scheme.id).contains($0.id) && $0.schemes.contains(cell.scheme.id) }
        }
        if quick { return deciding }
        let schemes = Set(deciding.map(\.scheme.id))
        return all.filter { schemes.contains($0.scheme.id) && $0.plays(defect.role) }
    }

    private func allCells(_ defect: Defect?) throws -> [Cell] {
        func subject(_ role: Subject.Role) throws -> Subject {
            guard var subject = catalogue.subject("authbed-\(role.rawValue)") else {
                throw BedError("there is no subject authbed-\(role.rawValue)")
            }
            if let defect, defect.role == role {
                subject.title = "defective \(defect.id)"
                subject.start = ["defective", role.rawValue, "--exit-with-parent", "--defect", defect.id, "--config", "{config}"]
            }
            return subject
        }
        let (server, issuer, client) = (try subject(.server), try subject(.issuer), try subject(.client))
        return catalogue.scenarios.flatMap { scenario in
            catalogue.schemes.filter { scenario.schemes.contains($0.id) }.map {
                Cell(scenario: scenario, scheme: $0, era: era, server: server, issuer: issuer, client: client)
            }
        }
    }

    private func verdicts(_ cells: [Cell], name: String, jobs: Int) async throws -> [String: CheckResult] {
        try? FileManager.default.removeItem(atPath: "\(results)/\(name)")
        let folder = try RunFolder(root: root, results: results, name: name, latest: false)
        // The PKI lies beside the runs, whatever a run is called.
        _ = try await folder.play(cells, era: era, jobs: jobs)
        try Task.checkCancellation()
        let judged = try Judging.judge(folder.tracePath, catalogue: catalogue)
        var verdicts: [String: CheckResult] = [:]
        for cell in judged.cells { for check in cell.checks { verdicts["\(check.check)@\(cell.scheme)"] = check } }
        return verdicts
    }
}

extension Cell {
    /// The checks decided in it, as `CHECK@SCHEME`.
    fileprivate var decided: [String] {
        scenario.decisions.filter { $0.schemes.contains(scheme.id) }.map { "\($0.id)@\(scheme.id)" }
    }

    fileprivate func decides(_ key: String) -> Bool { decided.contains(key) }

    fileprivate func decides(anyOf keys: Set<String>) -> Bool { !keys.isDisjoint(with: decided) }

    /// Whether a subject of that role takes part.
    fileprivate func plays(_ role: Subject.Role) -> Bool {
        if scenario.world == .clientBench { return role == .client }
        switch role {
        case .server: return true
        case .issuer: return scenario.world == .ensemble && scheme.presents.contains("token")
        case .client:
            return scenario.steps.contains { if case .call(_, _, _, _, _, _, .client, _) = $0.verb { true } else { false } }
        }
    }
}
