import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios
import Trace

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play one scenario in one scheme, and tell it slowly: what is done, what came of it, what that shows.",
        discussion: """
            Name one scenario; `authbed list` shows them. It is played in the first of its schemes, or of those that were chosen, at its own \
            speed, since times are what many scenarios are about, and told at a reader's. Where standard output is no terminal, it is told \
            at once.

            EXAMPLES
              authbed demo revocation/takes-effect --scheme oauth-jwt
              authbed demo replay/captured --scheme layered-bound --pace 2   twice as fast
              authbed demo tokens/claims --pace 0                            all at once
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var selection: Selection
    @Option(help: "How fast it is told: 1 for reading, 2 for twice as fast, 0 for at once.") var pace = 1.0
    @Flag(help: "No colour.") var noColor = false
    @Option(help: ArgumentHelp("Where runs are kept; results/ in the project's folder if not given.", valueName: "dir"))
    var results: String?

    func validate() throws {
        guard pace >= 0, pace.isFinite else { throw ValidationError("--pace is 0 or more") }
    }

    func run() async throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        let cast = try selection.subjects.cast(catalogue, schemes: selection.scheme)
        let cells = try selection.cells(catalogue, cast)
        let scenarios = Set(cells.map(\.scenario.id)).sorted()
        guard let first = cells.first, scenarios.count == 1 else {
            let some = scenarios.count <= 12 ? scenarios.joined(separator: ", ") : "`authbed list` shows them"
            throw ValidationError(cells.isEmpty ? "no scenario is played in the schemes you named" : "name one scenario: \(some)")
        }
        let cell = first.scenario.schemes.lazy.compactMap { id in cells.first { $0.scheme.id == id } }.first ?? first
        let folder = try RunFolder(root: root, results: results ?? root + "/results", name: "demo", latest: false)
        Terminal.complain("playing \(cell.id) …")
        let era = selection.era
        let interrupted = try await Interruption.guarded {
            try await folder.play([cell], era: era, jobs: 1, scope: RunScope(role: cast.role))
        }
        let trace = try Judging.read(folder.tracePath)
        let judged = try Judging.judge(trace, folder.tracePath, catalogue: catalogue)
        guard let result = judged.cells.first, let evidence = try? CellEvidence.all(in: trace)[cell.id] else {
            throw BedError("\(cell.id) left no trace")
        }
        let rules = Dictionary(catalogue.requirements.map { ($0.id, $0.rule) }) { first, _ in first }
        let narration = Narration(
            cell: evidence, result: result, rules: rules, rows: catalogue.table?.titles ?? [:], width: Terminal.width,
            colour: Terminal.hasColour && !noColor)
        try await Interruption.guarded { try await tell(narration) }
        Terminal.say("\nagain:  authbed run \(cell.scenario.id) --scheme \(cell.scheme.id)     more:  authbed explain \(cell.scenario.id)")
        if interrupted { throw ExitCode(3) }
        try Judging.exit(for: judged)
    }

    private func tell(_ narration: Narration) async throws {
        let slow = pace > 0 && isatty(1) == 1
        for passage in narration.passages {
            Terminal.say(passage.text)
            if slow { try await Task.sleep(for: .seconds(passage.pause / pace)) }
        }
    }
}
