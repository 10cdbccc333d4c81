import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios

/// A run from first contact to the documents in its folder.
struct Playing: Sendable {
    let root: String
    let catalogue: Catalogue
    let cast: Cast
    let cells: [Cell]
    let era: String
    /// Where runs are kept.
    let runs: String
    let jobs: Int
    let scope: RunScope
    var quiet = false
    /// Whether cells that measure time are played alone.
    var timesAlone = true
    /// Whether everything is played that a baseline may be about.
    var isWhole = true

    /// - Parameter folder: Where this one goes.
    /// - Returns: What it showed, and whether it was cut short.
    /// - Throws: `ExitCode(2)` after saying why, when a server or an issuer that is known by its address alone cannot be judged at all.
    func play(in folder: RunFolder) async throws -> (results: Results, interrupted: Bool) {
        let progress = Progress(total: cells.count, shown: !quiet)
        let interrupted = try await Interruption.guarded {
            var met = Acquaintance(cells: cells, era: era)
            if cast.isStranger {
                met = try await FirstContact(cast: cast, era: era, folder: folder).meet(cells) { Terminal.complain($0) }
            }
            if cast.role == .issuer, cast.issuer.isUnknown {
                if let why = try await FirstContact(cast: cast, era: era, folder: folder).silence(of: cells) {
                    Terminal.complain("authbed: error: \(why)")
                    throw ExitCode(2)
                }
                try folder.becomeLatest()
            }
            if cast.server.isUnknown {
                // Of a server that is known by its address alone, nothing else can be said than what has just been.
                guard met.cells.contains(where: { $0.barred == nil }) else { throw ExitCode(2) }
                try folder.becomeLatest()
            }
            return try await folder.play(met.cells, era: met.era, jobs: cast.atOnce(jobs), timesAlone: timesAlone, scope: scope) {
                progress.note($0)
            }
        }
        progress.finish()
        let trace = try Judging.read(folder.tracePath)
        var judged = try Judging.judge(trace, folder.tracePath, catalogue: catalogue)
        if let subject = cast.underTest { judged.hold(against: subject.known, isWhole: isWhole && !interrupted) }
        try RunFiles.write(RunFiles.input(judged, trace: trace, catalogue: catalogue, root: root, runs: runs), in: folder.path)
        return (judged, interrupted)
    }
}
