import ArgumentParser
import Bed
import Foundation
import Judge
import Probing
import Scenarios

/// Plays the right subjects, watched, and then the defective ones, and compares the verdicts.
///
/// Whatever a defect could touch is a part of some cell: a case of a battery, or a story. In most parts the watched subject has
/// shown that it would do, step by step, what the right one does; there it need not be played. The others are played, with as many
/// defects in the subject at once as can be told apart (`ProofPlan`).
struct Prover: Sendable {
    let root: String
    let results: String
    let catalogue: Catalogue
    let quick: Bool

    func prove(_ defects: [Defect], jobs: Int, progress: @escaping @Sendable (String) -> Void) async throws -> [ProofFinding] {
        let before = (requests: Tally.requests, processes: StartedProcesses.count)
        // The PKI is built once, before anybody needs it at the same time.
        let folder = try RunFolder(root: root, results: results, name: "prove", latest: false)
        // Nothing is removed before everything has been played: for a minute after, file systems are slow to make files.
        let old = try folder.putAside()
        defer {
            for play in folder.folders(in: "plays") { play.forgetKeys() }
            try? FileManager.default.removeItem(atPath: old)
        }
        let casting = try ProofCasting(catalogue: catalogue, quick: quick)
        let cells = casting.cells(touchedBy: defects)
        progress("the right subjects first, watched: \(cells.count) cells")
        let (desk, edits) = try await play(defects, cells, casting, in: folder, jobs: jobs, progress)
        if !edits.proven { progress(edits.line) }
        progress(
            desk.account
                + "; \(Tally.requests - before.requests) requests, \(StartedProcesses.count - before.processes) processes")
        return [edits] + desk.findings
    }

    /// The judge is tried with the trace of the right subjects as it would read if they were wrong: each check that passes falls to
    /// some edit. No process is needed for it.
    ///
    /// - Parameter trace: Nil for the one that was recorded last.
    /// - Throws: `ExitCode(2)` after saying why, where there is no trace to edit.
    func editedTraces(_ trace: RecordedRun? = nil) throws -> ProofFinding {
        let path = "\(results)/prove/\(ProofGround.name)/events.jsonl"
        let edits = try EditsCommand.findings(try trace ?? Judging.read(path), path, catalogue)
        var finding = ProofFinding(defect: "edited traces")
        for edit in edits {
            if let name = edit.edit { finding.killed.append("\(edit.check): \(name)") } else { finding.survived.append(edit.check) }
        }
        finding.conclude()
        return finding
    }

    /// Something that has been done.
    private enum Deed {
        case grounded(ProofGround)
        case edited(ProofFinding)
        case played(ProofTask, [String: CheckResult])
    }

    /// Plays the right subjects, and then the defective ones, those that take longest first, so that none is waited for in the end.
    /// What is to be played whatever the right ones do is begun beside them: towards their end they leave the machine idle.
    private func play(
        _ defects: [Defect], _ cells: [Cell], _ casting: ProofCasting, in folder: RunFolder, jobs: Int,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> (desk: ProofDesk, edits: ProofFinding) {
        let catalogue = catalogue
        var early = ProofDesk(casting.unwatched(defects), casting, .unknown)
        var ahead = ProofAhead<ProofTask.Key, [String: CheckResult]>()
        var desk: ProofDesk?
        var edits: ProofFinding?
        return try await withThrowingTaskGroup(of: Deed.self) { group in
            group.addTask {
                .grounded(
                    try await ProofGround.play(cells, for: defects, casting, in: folder, catalogue, jobs: jobs, progress))
            }
            var running = 0, number = 0
            while true {
                while running < (desk == nil ? min(jobs, Self.beside) : jobs), let task = desk == nil ? early.next() : desk?.next() {
                    if desk == nil {
                        ahead.begin(task.key)
                    } else {
                        switch ahead.take(task.key) {
                        case .unknown: break
                        case .underWay: continue
                        case .done(let checks):
                            for line in desk?.note(task, checks) ?? [] { progress(line) }
                            continue
                        }
                    }
                    number += 1
                    let name = "\(number)." + task.cell.id.replacingOccurrences(of: "/", with: ".")
                    let cell = casting.cell(of: task)
                    group.addTask {
                        let played = try folder.within("plays/\(name)")
                        _ = try await played.play([cell], era: cell.era, jobs: 1, timesAlone: false, keepsKeys: true)
                        return .played(task, try Judging.judge(played.tracePath, catalogue: catalogue).byCheckAndScheme)
                    }
                    running += 1
                }
                guard let deed = try await group.next() else { break }
                try Task.checkCancellation()
                switch deed {
                case .grounded(let ground):
                    let asked = ProofDesk(defects, casting, ground)
                    progress("and then \(defects.count) defects in \(asked.waiting) plays")
                    desk = asked
                    group.addTask { .edited(try editedTraces(ground.trace)) }
                case .edited(let finding): edits = finding
                case .played(let task, let checks):
                    running -= 1
                    guard ahead.end(task.key, checks) else { continue }
                    for line in desk?.note(task, checks) ?? [] { progress(line) }
                }
            }
            guard let desk, let edits else { throw BedError("the proof ended before it began") }
            return (desk, edits)
        }
    }

    /// How many plays go on beside the right subjects: nearly all of them are of sentinels, which keep the bed waiting.
    private static let beside = 8
}

extension Results {
    /// The checks as `CHECK@SCHEME`; each is decided by one cell.
    var byCheckAndScheme: [String: CheckResult] {
        var checks: [String: CheckResult] = [:]
        for cell in cells { for check in cell.checks { checks["\(check.check)@\(cell.scheme)"] = check } }
        return checks
    }
}
