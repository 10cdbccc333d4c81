import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios
import Trace

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Play scenarios against real processes, judge what happened and print the comparison table.",
        discussion: """
            Everything is kept in a folder of the run, to which results/latest points: the trace (events.jsonl), report.html \
            with the evidence for every cell of the table, and results.json, junit.xml, report.sarif, report.md and badge.json.

            EXAMPLES
              authbed run
              authbed run revocation expiry/at-the-edge --scheme api-key --scheme mtls-crl
              authbed run --era 2025-11-25 --json > results.json
              authbed run --subject ../my-server --scheme oauth-jwt
              authbed run --url http://127.0.0.1:8000/mcp --scheme api-key --credential-file key.txt
              authbed run --role issuer --url https://127.0.0.1:4400 --ca ca.pem --credential-file client.txt
              authbed run --shard 2/4                 for `authbed merge`
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var selection: Selection
    @Option(
        help: ArgumentHelp("Play only the i-th of n parts, for several machines; `authbed merge` makes one run of them.", valueName: "i/n"))
    var shard: Shard?
    @Flag(help: "Print the results as JSON, and nothing else, on standard output.") var json = false
    @Flag(name: .shortAndLong, help: "List the checks that passed, too.") var verbose = false
    @Flag(help: "No colour.") var noColor = false
    @Flag(name: .shortAndLong, help: "No progress on standard error.") var quiet = false
    @Option(
        help: """
            How many cells to play at the same time; those that measure time play alone. Twice as many as there are cores if not given, \
            and seven times with --together.
            """)
    var jobs: Int?
    @Flag(help: "Play those that measure time beside the others, too: the verdicts are the same, sooner, and the numbers are not.")
    var together = false
    @Option(help: ArgumentHelp("Where runs are kept; results/ in the project's folder if not given.", valueName: "dir"))
    var results: String?

    /// Cells wait more than they compute; where they measure time, they would only disturb each other.
    private var usualJobs: Int { (together ? 7 : 2) * ProcessInfo.processInfo.activeProcessorCount }

    func validate() throws {
        guard jobs ?? 1 > 0 else { throw ValidationError("--jobs is 1 or more") }
    }

    func run() async throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        let cast = try selection.subjects.cast(catalogue, schemes: selection.scheme)
        let all = try selection.cells(catalogue, cast)
        guard !all.isEmpty else { throw ValidationError("no scenario is played in the schemes you named") }
        let cells = shard?.part(of: all) ?? all
        let runs = results ?? root + "/results"
        let folder = try RunFolder(root: root, results: runs, latest: !cast.server.isUnknown && !cast.issuer.isUnknown)
        let frozen = try selection.frozen(catalogue)
        let scope = RunScope(
            shard: shard?.description, role: cast.role, profile: frozen?.profile.id, checks: frozen?.checks,
            notOffered: cast.notOffered(catalogue))
        let playing = Playing(
            root: root, catalogue: catalogue, cast: cast, cells: cells, era: selection.era, runs: runs, jobs: jobs ?? usualJobs,
            scope: scope, quiet: quiet, timesAlone: !together, isWhole: shard == nil && selection.isWhole)
        let (judged, interrupted) = try await playing.play(in: folder)
        if json {
            Terminal.say(try ResultsFile.text(judged))
        } else {
            let colour = Terminal.hasColour && !noColor
            Terminal.say(TerminalReport(width: Terminal.width, colour: colour, verbose: verbose).text(judged.withPlayedTable))
            Terminal.complain("evidence: \(folder.path)/report.html")
        }
        if interrupted { throw ExitCode(3) }
        // A part of a run may have nothing; a whole one that has nothing must not look as if all were well.
        let checks = judged.cells.flatMap(\.checks)
        if shard == nil, !checks.isEmpty, checks.allSatisfy({ $0.verdict == .notApplicable }) {
            Terminal.complain("authbed: error: nothing was judged: \(checks.first?.why ?? "nothing is applicable")")
            throw ExitCode(2)
        }
        try Judging.exit(for: judged)
    }
}

/// One line on standard error for what is going on: rewritten in place on a terminal.
final class Progress: Sendable {
    private let counter: Counter
    private let shown: Bool
    private let total: Int
    private let live = isatty(2) == 1

    init(total: Int, shown: Bool) {
        self.total = total
        self.shown = shown
        counter = Counter()
    }

    func note(_ event: TraceEvent) {
        guard shown, let cell = event.cell else { return }
        if event.cellEnded != nil {
            let done = counter.next()
            let line = "[\(done)/\(total)] \(cell)"
            if live {
                FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
            } else if event.cellEnded?.complete == false {
                Terminal.complain(line + ": cut short")
            }
        }
    }

    func finish() {
        if shown, live { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}

extension Shard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
