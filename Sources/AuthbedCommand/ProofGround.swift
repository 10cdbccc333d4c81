import Bed
import Foundation
import Judge
import Scenarios
import Trace

/// What was found out before any defect was put in: that the right subjects pass, what each defect would have made of what they
/// were asked, and how long that takes.
struct ProofGround: Sendable {
    /// The verdicts, by `CHECK@SCHEME`.
    private(set) var right: [String: CheckResult] = [:]
    /// By role; none for one that is not watched.
    private(set) var acting: [Subject.Role: ActingDefects] = [:]
    /// What was recorded when all cells were played.
    private(set) var trace: RecordedRun?
    private var times = PlayTimes()

    /// Before anything was found out.
    static let unknown = ProofGround()

    /// Of the folder that the trace is in.
    static let name = "right"

    /// Plays the cells. Where something is not right, or a defect does nothing of what it is there for, a cell is played once more by
    /// itself: on a busy machine a server that is asked at every step may be too slow for a load, or for holding up who guesses. Where it
    /// is not right then either, it is played without being watched, and every defect counts as acting there.
    ///
    /// - Throws: `BedError` when the right subjects do not pass.
    static func play(
        _ cells: [Cell], for defects: [Defect], _ casting: ProofCasting, in folder: RunFolder, _ catalogue: Catalogue, jobs: Int,
        _ progress: (String) -> Void
    ) async throws -> ProofGround {
        var ground = ProofGround()
        let (unwatched, cells) = (cells, cells.map(casting.watched))
        try await ground.add(cells, folder.within(name), catalogue, jobs: jobs)
        let unreached = ground.unreached(by: defects, casting)
        let again = cells.filter { ground.isUnclean($0) || unreached.contains($0.id) }
        if !again.isEmpty { try await ground.add(again, folder.within("\(name).again"), catalogue, jobs: 1) }
        let left = Set(again.filter(ground.isUnclean).map(\.id))
        if !left.isEmpty {
            for cell in left { for role in ground.acting.keys { ground.acting[role]?.forget(cell) } }
            let plain = unwatched.filter { left.contains($0.id) }
            try await ground.add(plain, folder.within("\(name).unwatched"), catalogue, jobs: 1, isWatched: false)
        }
        let unclean = ground.right.filter { !$0.value.isClean }
        guard unclean.isEmpty else {
            for (key, verdict) in unclean.sorted(by: { $0.key < $1.key }) {
                progress("  \(key): \(verdict.verdict.rawValue): \(verdict.why)")
            }
            throw BedError("the right subjects do not pass: nothing can be proven with them")
        }
        return ground
    }

    /// The cells where a defect that must turn something red does nothing there.
    private func unreached(by defects: [Defect], _ casting: ProofCasting) -> Set<String> {
        var unreached: Set<String> = []
        for defect in defects where !defect.isSentinel {
            for cell in casting.cells(touchedBy: defect) where !unreached.contains(cell.id) {
                guard let acts = acting[defect.role]?.parts(defect.id, in: cell.id) else { continue }
                if !casting.killedParts(defect, in: cell).isSubset(of: acts) { unreached.insert(cell.id) }
            }
        }
        return unreached
    }

    private func isUnclean(_ cell: Cell) -> Bool { cell.decided.contains { !(right[$0]?.isClean ?? false) } }

    private mutating func add(
        _ cells: [Cell], _ folder: RunFolder, _ catalogue: Catalogue, jobs: Int, isWatched: Bool = true
    ) async throws {
        // Nobody reads the numbers, so what measures time need not be alone.
        _ = try await folder.play(cells, era: cells.first?.era ?? "", jobs: jobs, timesAlone: false)
        try Task.checkCancellation()
        let trace = try Judging.read(folder.tracePath)
        let judged = try Judging.judge(trace, folder.tracePath, catalogue: catalogue)
        right.merge(judged.byCheckAndScheme) { $1 }
        self.trace = self.trace ?? trace
        let events = Dictionary(grouping: trace.events) { $0.cell ?? "" }
        for cell in cells {
            let own = events[cell.id] ?? []
            let place = RunCoordinator.place(of: cell, in: folder.path)
            for role in Subject.Role.allCases where isWatched && ProofCasting.isWatched(role) && cell.place.plays(role) {
                let log = FileManager.default.contents(atPath: "\(place)/\(role.rawValue).log") ?? Data()
                acting[role, default: ActingDefects()].note(cell.place, log: String(decoding: log, as: UTF8.self), events: own)
            }
            times.note(cell.id, whole: judged.cells.first { $0.id == cell.id }?.seconds ?? 1, events: own)
        }
    }

    /// About how many seconds it takes to play some parts of a cell.
    func seconds(_ cell: Cell, _ parts: Set<String>) -> Double { times.seconds(cell.id, parts) }
}
