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
            It is played at its own speed, since times are what many scenarios are about, and told at a reader's. Where standard
            output is no terminal, it is told at once.

            EXAMPLES
              authbed demo revocation/takes-effect --scheme oauth-jwt
              authbed demo replay/captured --scheme layered-bound --pace 2      twice as fast
              authbed demo tokens/claims --pace 0                               all at once
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A scenario; `authbed list` shows them.") var scenario: String
    @Option(help: "A scheme that it is played in; its first one if not given.") var scheme: String?
    @Option(help: "The MCP revision to speak: 2026-07-28 or 2025-11-25.") var era = "2026-07-28"
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
        let cell = try cell(catalogue)
        let folder = try RunFolder(root: root, results: results ?? root + "/results", name: "demo", latest: false)
        Terminal.complain("playing \(cell.id) …")
        let era = era
        let interrupted = try await Interruption.guarded { try await folder.play([cell], era: era, jobs: 1) }
        let trace = try Judging.read(folder.tracePath)
        let judged = try Judging.judge(trace, folder.tracePath, catalogue: catalogue)
        guard let result = judged.cells.first, let evidence = try? CellEvidence.all(in: trace)[cell.id] else {
            throw BedError("\(cell.id) left no trace")
        }
        let rules = Dictionary(catalogue.requirements.map { ($0.id, $0.rule) }) { first, _ in first }
        let narration = Narration(
            cell: evidence, result: result, rules: rules, width: Terminal.width, colour: Terminal.hasColour && !noColor)
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

    private func cell(_ catalogue: Catalogue) throws -> Cell {
        var selection = Selection()
        (selection.scenarios, selection.scheme, selection.era, selection.subject) = ([scenario], scheme.map { [$0] } ?? [], era, [])
        let cells = try selection.cells(catalogue).filter { $0.scenario.id == scenario }
        guard let cell = cells.first else {
            let known = catalogue.scenarios.first { $0.id == scenario }
            throw ValidationError(
                known.map { "\(scenario) is not played in \(scheme ?? ""); it is in " + $0.schemes.joined(separator: ", ") }
                    ?? "there is no scenario \(scenario)\(Suggestion.phrase(for: scenario, among: catalogue.scenarios.map(\.id)))")
        }
        return cell
    }
}
