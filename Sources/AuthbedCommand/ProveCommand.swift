import ArgumentParser
import Bed
import Foundation
import Judge
import Scenarios
import Trace

struct ProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Show that every check can fail: each defect turns exactly its checks red, and no sentinel earns a pass.",
        discussion: """
            First the right subjects are played and watched: all checks must pass, and server and issuer tell, request by \
            request, which defects would have done something else. The trace of that is edited as if they had been wrong, and \
            each check must fall to some edit. Then each defect is put into the subject of its role, and every case and every \
            story is played in which it acts, in the schemes in which a check of its kill set is decided. What can be told \
            apart, and takes nobody's place, is in the subject at the same time; whatever does not come out as it must is \
            played again, down to the one defect alone. A check of a kill set in whose case the defect never acts is VOID: the \
            case does not reach it.

            EXAMPLES
              authbed prove
              authbed prove --defect server/ignores-audience
              authbed prove --unless-proven         what has not been proven before
              authbed prove --quick                 scenarios of the kill set alone
            """)

    @OptionGroup var project: ProjectOptions
    @Option(help: "A defect's or sentinel's identifier; may be given several times. All when none is given.") var defect: [String] = []
    @Flag(help: "Play only the scenarios that hold a check of the kill set.") var quick = false
    @Flag(help: "Leave out defects that were proven with these same programs and files before.") var unlessProven = false
    @Flag(help: "Print JSON.") var json = false
    @Option(help: "How many plays at the same time; beside the right subjects, up to eight more.") var jobs =
        8 * ProcessInfo.processInfo.activeProcessorCount
    @Option(help: ArgumentHelp("Where runs are kept; results/ in the project's folder if not given.", valueName: "dir"))
    var results: String?

    func validate() throws {
        guard jobs > 0 else { throw ValidationError("--jobs is 1 or more") }
    }

    func run() async throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        for name in defect where catalogue.defect(name) == nil {
            throw ValidationError("there is no defect \(name)\(Suggestion.phrase(for: name, among: catalogue.defects.map(\.id)))")
        }
        let chosen = catalogue.defects.filter { defect.isEmpty || defect.contains($0.id) }
        let results = results ?? root + "/results"
        let prover = Prover(root: root, results: results, catalogue: catalogue, quick: quick)
        var ledger = try ProofLedger(
            path: "\(results)/proven.json", programs: URL(fileURLWithPath: Programs.own()).deletingLastPathComponent().path, root: root,
            mode: quick ? "quick" : "all")
        let open = chosen.filter { !unlessProven || !ledger.proven.contains($0.id) }
        if open.isEmpty {
            // The judge is tried all the same, with the trace that was recorded then.
            let edits = try prover.editedTraces()
            if !json { Terminal.say(edits.line) }
            guard edits.proven else { throw ExitCode(1) }
            Terminal.say(json ? "[]" : "\(chosen.count) of \(chosen.count) proven before, with these same programs and files")
            return
        }
        let jobs = jobs
        // Some defects are there to die of, and looking for where in a program of this size takes longer than all the rest of a play.
        setenv("SWIFT_BACKTRACE", "enable=no", 1)
        let begin = ContinuousClock.now
        let findings = try await Interruption.guarded {
            try await prover.prove(open, jobs: jobs) { line in Terminal.complain(line) }
        }
        if json {
            try Terminal.say(json: findings)
        } else {
            for finding in findings { Terminal.say(finding.line) }
        }
        try ledger.add(findings.filter { $0.proven && catalogue.defect($0.defect) != nil }.map(\.defect))
        let bad = findings.filter { !$0.proven }
        let seconds = begin.duration(to: .now).components.seconds
        Terminal.complain("\(findings.count - bad.count) of \(findings.count) proven in \(seconds) s")
        if !bad.isEmpty { throw ExitCode(1) }
    }
}
