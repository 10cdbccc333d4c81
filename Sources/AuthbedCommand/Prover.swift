import ArgumentParser
import Bed
import Foundation
import Judge
import Scenarios

/// Plays the right subjects, then the right server watched, and then each defective one, and compares the verdicts.
///
/// A defective server is played where a check of its kill set is decided, and where it acts; in every other cell of the same
/// schemes the watched server has shown that it would do, step by step, what the right one does.
struct Prover: Sendable {
    let root: String
    let results: String
    let catalogue: Catalogue
    let quick: Bool
    private let era = "2026-07-28"

    /// What was found out before any defect is put in.
    private struct Ground: Sendable {
        var right: [String: CheckResult]
        /// By cell, how long it took.
        var seconds: [String: Double]
        /// Nil where nothing was watched.
        var acting: ActingDefects?
    }

    init(root: String, results: String, catalogue: Catalogue, quick: Bool) throws {
        self.root = root
        self.results = results
        self.catalogue = catalogue
        self.quick = quick
    }

    func prove(_ defects: [Defect], jobs: Int, progress: @escaping @Sendable (String) -> Void) async throws -> [ProofFinding] {
        // The PKI is built once, before anybody needs it at the same time.
        _ = try RunFolder(root: root, results: results, name: "prove", latest: false)
        let (ground, identity) = try await ground(defects, jobs, progress)
        if let identity, !identity.proven { progress(identity.line) }
        let edits = try editedTraces()
        if !edits.proven { progress(edits.line) }
        progress("and then \(defects.count) defects")
        let findings = try await withThrowingTaskGroup(of: (Int, ProofFinding).self) { group in
            var findings: [Int: ProofFinding] = [:]
            // Those that take longest first, so that none is waited for in the end; the sentinel that hangs above all.
            let order = try defects.enumerated().map { (index: $0, defect: $1, seconds: try expectedSeconds($1, ground)) }
                .sorted { $0.seconds > $1.seconds }
            for (position, next) in order.enumerated() {
                if position >= jobs, let (at, finding) = try await group.next() { findings[at] = finding }
                group.addTask {
                    let finding = try await self.prove(next.defect, ground)
                    if !finding.proven { progress(finding.line) }
                    return (next.index, finding)
                }
            }
            for try await (at, finding) in group { findings[at] = finding }
            return findings.sorted { $0.key < $1.key }.map(\.value)
        }
        return [edits] + [identity].compactMap { $0 } + findings
    }

    /// The judge is tried with the trace of the right subjects as it would read if they were wrong: each check that passes falls to
    /// some edit. No process is needed for it.
    ///
    /// - Throws: `ExitCode(2)` after saying why, where there is no trace to edit.
    func editedTraces() throws -> ProofFinding {
        let path = "\(results)/prove/right/events.jsonl"
        let edits = try EditsCommand.findings(try Judging.read(path), path, catalogue)
        var finding = ProofFinding(defect: "edited traces")
        for edit in edits {
            if let name = edit.edit { finding.killed.append("\(edit.check): \(name)") } else { finding.survived.append(edit.check) }
        }
        finding.conclude()
        return finding
    }

    /// Plays what any of the defects could touch with the right subjects, and again with the right server watched, which must come
    /// to the same: the defect that changes nothing.
    private func ground(
        _ defects: [Defect], _ jobs: Int, _ progress: @Sendable (String) -> Void
    ) async throws -> (Ground, ProofFinding?) {
        var needed: Set<String> = []
        for defect in defects { needed.formUnion(try cells(for: defect, nil).map(\.id)) }
        progress("the right subjects first: \(needed.count) cells")
        let cells = try allCells(nil).filter { needed.contains($0.id) }
        var right = try await verdicts(cells, name: "prove/right", jobs: jobs)
        let again = cells.filter { cell in right.checks.contains { cell.decides($0.key) && Self.isUndecided($0.value) } }
        if !again.isEmpty { right.checks.merge(try await verdicts(again, name: "prove/right.again", jobs: 1).checks) { $1 } }
        let unclean = right.checks.filter { ![.pass, .recorded, .notApplicable].contains($0.value.verdict) }
        guard unclean.isEmpty else {
            for (key, verdict) in unclean.sorted(by: { $0.key < $1.key }) {
                progress("  \(key): \(verdict.verdict.rawValue): \(verdict.why)")
            }
            throw BedError("the right subjects do not pass: nothing can be proven with them")
        }
        var ground = Ground(right: right.checks, seconds: right.seconds)
        guard !quick, defects.contains(where: { $0.role == .server && !$0.isSentinel }) else { return (ground, nil) }
        let watched = try allCells(nil, watched: true).filter { needed.contains($0.id) && $0.plays(.server) }
        progress("then the right server watched: \(watched.count) cells")
        var same = try await verdicts(watched, name: "prove/watched", jobs: jobs).checks
        let other = watched.filter { cell in same.contains { cell.decides($0.key) && Self.isUndecided($0.value) } }
        if !other.isEmpty { same.merge(try await verdicts(other, name: "prove/watched.again", jobs: 1).checks) { $1 } }
        ground.acting = ActingDefects(watched, folders: ["watched", "watched.again"].map { "\(results)/prove/\($0)" })
        var identity = ProofFinding(defect: "nothing bent", cells: watched.count)
        identity.collateral = same.compactMap { key, check in
            check.verdict == right.checks[key]?.verdict ? nil : "\(key) (\(check.verdict.rawValue): \(check.why))"
        }
        identity.conclude()
        return (ground, identity)
    }

    private func expectedSeconds(_ defect: Defect, _ ground: Ground) throws -> Double {
        defect.isSentinel ? .infinity : try cells(for: defect, ground.acting).reduce(0) { $0 + (ground.seconds[$1.id] ?? 1) }
    }

    private func prove(_ defect: Defect, _ ground: Ground) async throws -> ProofFinding {
        let cells = try cells(for: defect, ground.acting)
        let name = "prove/" + defect.id.replacingOccurrences(of: "/", with: ".")
        var bent = try await verdicts(cells, name: name, jobs: 1).checks
        let finding = finding(defect, cells, bent, ground)
        // A machine that is too busy leaves things undecided: they are tried once more. What is decided stays so.
        let doubtful = finding.doubtful.filter { Self.isUndecided(bent[$0]) }
        guard !doubtful.isEmpty else { return finding }
        let again = cells.filter { cell in doubtful.contains(where: cell.decides) }
        bent.merge(try await verdicts(again, name: name + ".again", jobs: 1).checks) { $1 }
        return self.finding(defect, cells, bent, ground)
    }

    private static func isUndecided(_ check: CheckResult?) -> Bool {
        check.map { [.inconclusive, .error].contains($0.verdict) } ?? true
    }

    /// What came of it, from the checks of the cells that were played with the defect.
    private func finding(_ defect: Defect, _ cells: [Cell], _ bent: [String: CheckResult], _ ground: Ground) -> ProofFinding {
        var finding = ProofFinding(defect: defect.id, cells: cells.count)
        if defect.isSentinel {
            finding.collateral = bent.filter { $0.value.verdict == .pass || $0.value.verdict == .recorded }.keys.sorted()
        }
        let expected = expected(defect, cells)
        for key in expected {
            let isActing = isActing(defect, key, cells, ground)
            if let check = bent[key], [.fail, .warn].contains(check.verdict) || check.verdict == .recorded && check.held == false {
                finding.killed.append(key)
                if isActing == false { finding.unforeseen.append(key) }
            } else {
                let words = "\(key) (\(bent[key]?.verdict.rawValue ?? "not decided"): \(bent[key]?.why ?? ""))"
                if isActing == false { finding.void.append(words) } else { finding.survived.append(words) }
                finding.doubtful.insert(key)
            }
        }
        if !defect.isSentinel {
            let red = Set(finding.killed)
            for (key, verdict) in bent where !expected.contains(key) {
                guard let before = ground.right[key], before.verdict != verdict.verdict else { continue }
                // What stands on a check that was killed, or on a control that no longer holds, is left undecided by it.
                if verdict.verdict == .inconclusive, defect.loosens || cells.contains(where: { $0.decides(key) && $0.decides(anyOf: red) })
                {
                    continue
                }
                finding.collateral.append("\(key) (\(verdict.verdict.rawValue): \(verdict.why))")
                finding.doubtful.insert(key)
            }
        }
        finding.conclude()
        return finding
    }

    /// Whether the defect acts in a cell that decides the check; nil where nobody has watched for it.
    private func isActing(_ defect: Defect, _ key: String, _ cells: [Cell], _ ground: Ground) -> Bool? {
        guard let acting = ground.acting, defect.role == .server, !defect.isSentinel else { return nil }
        return cells.contains { $0.decides(key) && acting.acts(defect, in: $0) }
    }

    /// The checks of the kill set, as `CHECK@SCHEME`.
    private func expected(_ defect: Defect, _ cells: [Cell]) -> [String] {
        let decided = Set(cells.flatMap { cell in cell.decided })
        return Set(cells.map(\.scheme.id)).flatMap { scheme in defect.kills(in: scheme).map { "\($0)@\(scheme)" } }.filter {
            decided.contains($0)
        }.sorted()
    }

    /// What a defect could touch, in those schemes in which a check of its kill set is decided.
    ///
    /// - Parameter acting: Where it acts; nil where that is not known.
    private func cells(for defect: Defect, _ acting: ActingDefects?) throws -> [Cell] {
        let all = try allCells(defect)
        if defect.isSentinel {
            // A few are enough for a subject that does not listen to what it is asked; each takes its time to fail.
            let few: Set =
                defect.role == .issuer
                ? ["issuer/clients@oauth-jwt", "issuer/states@oauth-introspection", "issuer/pages@oauth-code", "issuer/codes@oauth-code"]
                : ["scope/read-cannot-write@api-key", "replay/captured@mtls", "identity/wrong-key@api-key", "rotation/under-load@api-key"]
            return all.filter { few.contains($0.id) }
        }
        let deciding = all.filter { cell in
            cell.scenario.decisions.contains { defect.kills(in: cell.scheme.id).contains($0.id) && $0.schemes.contains(cell.scheme.id) }
        }
        if quick { return deciding }
        let schemes = Set(deciding.map(\.scheme.id))
        // An issuer that is caught standing alone need not be caught again in every company.
        let worlds = Set(deciding.map(\.scenario.world))
        let touched = all.filter {
            schemes.contains($0.scheme.id) && $0.plays(defect.role) && (defect.role != .issuer || worlds.contains($0.scenario.world))
        }
        guard let acting, defect.role == .server else { return touched }
        let decided = Set(deciding.map(\.id))
        return touched.filter { decided.contains($0.id) || acting.acts(defect, in: $0) }
    }

    private func allCells(_ defect: Defect?, watched: Bool = false) throws -> [Cell] {
        func subject(_ role: Subject.Role) throws -> Subject {
            guard var subject = catalogue.subject("authbed-\(role.rawValue)") else {
                throw BedError("there is no subject authbed-\(role.rawValue)")
            }
            if let defect, defect.role == role {
                subject.title = "defective \(defect.id)"
                subject.start = ["defective", role.rawValue, "--exit-with-parent", "--defect", defect.id, "--config", "{config}"]
            } else if watched, role == .server {
                subject.title = "watched"
                subject.start = ["defective", "watch", "--exit-with-parent", "--config", "{config}"]
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

    /// The checks by `CHECK@SCHEME`, and how long each cell took.
    private func verdicts(
        _ cells: [Cell], name: String, jobs: Int
    ) async throws -> (checks: [String: CheckResult], seconds: [String: Double]) {
        for old in [name, name + ".again"] { try? FileManager.default.removeItem(atPath: "\(results)/\(old)") }
        let folder = try RunFolder(root: root, results: results, name: name, latest: false)
        // The PKI lies beside the runs, whatever a run is called.
        // Nobody reads the numbers, so what measures time need not be alone.
        _ = try await folder.play(cells, era: era, jobs: jobs, timesAlone: false)
        try Task.checkCancellation()
        let judged = try Judging.judge(folder.tracePath, catalogue: catalogue)
        var verdicts: [String: CheckResult] = [:]
        for cell in judged.cells { for check in cell.checks { verdicts["\(check.check)@\(cell.scheme)"] = check } }
        return (verdicts, Dictionary(judged.cells.map { ($0.id, $0.seconds) }, uniquingKeysWith: max))
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
        if scenario.world == .issuerBench { return role == .issuer }
        switch role {
        case .server: return true
        case .issuer: return scenario.world == .ensemble && scheme.presents.contains("token")
        case .client:
            return scenario.steps.contains(where: \.verb.isByClient)
        }
    }
}
