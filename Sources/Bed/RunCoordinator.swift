import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays cells: those that measure time alone, where the numbers matter, and all others side by side.
package struct RunCoordinator: Sendable {
    /// The folder of this run: trace, results, and a folder for each cell's documents, keys and stores.
    package let folder: String
    package let pkiFolder: String
    package let programs: Programs
    package let trace: TraceWriter
    /// How many cells may run at the same time.
    package let jobs: Int
    /// Whether cells that measure time are played alone. Their verdicts do not depend on it, their numbers do.
    package let timesAlone: Bool

    package init(folder: String, pkiFolder: String, programs: Programs, trace: TraceWriter, jobs: Int, timesAlone: Bool = true) {
        self.timesAlone = timesAlone
        self.folder = folder
        self.pkiFolder = pkiFolder
        self.programs = programs
        self.trace = trace
        self.jobs = max(1, jobs)
    }

    /// - Returns: How many cells were played; fewer than given when the task was cancelled.
    package func run(_ cells: [Cell]) async -> Int {
        defer { SubjectClock.cleanUpAfterTheDead() }
        let sources = Set(cells.map { source(of: $0) })
        let pkis = Dictionary(uniqueKeysWithValues: sources.map { source in (source, Result { try PKI(opening: source) }) })
        var played = 0
        // What waits longest begins first, so that none is waited for in the end.
        var side = cells.filter { !$0.scenario.timed || !timesAlone }.enumerated()
            .sorted { ($1.element.scenario.waits, $0.offset) < ($0.element.scenario.waits, $1.offset) }.map(\.element)
        await withTaskGroup(of: Int.self) { group in
            var running = 0, loads = 0
            while !side.isEmpty, !Task.isCancelled {
                if running < jobs, let next = side.firstIndex(where: { $0.scenario.loadShare == 0 || loads < LoadTurn.queue }) {
                    let cell = side.remove(at: next)
                    (running, loads) = (running + 1, loads + cell.scenario.loadShare)
                    group.addTask(executorPreference: CellThreads.shared) {
                        await play(cell, pkis[source(of: cell)])
                        return cell.scenario.loadShare
                    }
                    played += 1
                } else if let share = await group.next() {
                    (running, loads) = (running - 1, loads - share)
                }
            }
        }
        for cell in cells where cell.scenario.timed && timesAlone {
            if Task.isCancelled { break }
            await withTaskExecutorPreference(CellThreads.shared) { await play(cell, pkis[source(of: cell)]) }
            played += 1
        }
        return played
    }

    /// The folder that a cell keeps its files in.
    package static func place(of cell: Cell, in folder: String) -> String {
        let name = cell.id.map { $0.isLetter || $0.isNumber || $0 == "-" ? String($0) : "." }.joined()
        return "\(folder)/cells/\(name)"
    }

    /// The folder of the PKI that a cell's branches off from.
    private func source(of cell: Cell) -> String { cell.scenario.pki.map { "\(pkiFolder)-\($0)" } ?? pkiFolder }

    private func play(_ cell: Cell, _ source: Result<PKI, any Error>?) async {
        let place = Self.place(of: cell, in: folder)
        do {
            guard let source = try source?.get() else { throw BedError("there is no PKI") }
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            var pki = try CellPKI(branching: source, into: "\(place)/pki")
            if cell.server.isAttached, let vouching = cell.server.ca { try pki.welcome(vouching) }
            let share = cell.scenario.loadShare
            if share > 0 { await LoadTurn.shared.take(share) }
            await CellRunner(cell: cell, folder: place, trace: trace, pki: pki, programs: programs).run()
            if share > 0 { await LoadTurn.shared.pass(share) }
        } catch {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: "the cell's folder could not be made: \(error)") }
        }
    }
}

extension Scenario {
    /// What it takes of the turns that there are for putting a server under load: nothing, a calm load's share, or twice as much.
    package var loadShare: Int {
        let rates = steps.compactMap { step in
            if case .load(_, _, let rate, _, let carrier) = step.verb, carrier != .stream { rate } else { nil }
        }
        return rates.isEmpty ? 0 : rates.reduce(0, +) > 100 ? 2 : 1
    }

    /// About how many seconds pass in it whatever the subjects do, by its own words.
    fileprivate var waits: Double {
        if let battery {
            // Where keys are kept for a time, each case about them waits until it is over.
            let kept = Double(server?.jwksMaxAge ?? 0)
            return Double(battery.cases.count) * (kept + 0.01)
        }
        return steps.map(\.verb.waits).reduce(0, +)
    }
}

extension Verb {
    fileprivate var waits: Double {
        switch self {
        case .hold(_, let seconds): seconds
        case .probe(let probe): probe.atMost
        case .switch(_, _, _, let seconds): seconds
        // Somebody waits for an answer that does not come, or tries again after a while.
        case .fault: 1.5
        default: 0
        }
    }
}
