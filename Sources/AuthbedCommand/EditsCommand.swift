import ArgumentParser
import Foundation
import Judge
import Scenarios

struct EditsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edits",
        abstract: "Edit the trace of right subjects as if they were wrong, and see that each check falls.",
        discussion: """
            No process is started: it is the judge who is tried. `prove` does the same with the trace that it has just recorded.

            EXAMPLES
              authbed edits                        the trace of the latest run
              authbed edits results/prove/right/events.jsonl
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The trace.") var trace: String?
    @Flag(name: .shortAndLong, help: "List to what each check fell.") var verbose = false

    static func findings(_ trace: RecordedRun, _ path: String, _ catalogue: Catalogue) throws -> [TraceEdits.Finding] {
        do throws(TraceError) {
            return try TraceEdits.judge(trace, requirements: catalogue.requirements)
        } catch {
            Terminal.complain("\(path):\(error.line): error: \(error.message)")
            throw ExitCode(2)
        }
    }

    func run() throws {
        let path = try trace ?? project.root() + "/results/latest/events.jsonl"
        let findings = try Self.findings(Judging.read(path), path, try project.catalogue())
        let standing = findings.filter { $0.edit == nil }
        for finding in verbose ? findings : standing {
            Terminal.say("\(finding.edit == nil ? "▲" : "●") \(finding.check)  \(finding.edit ?? "falls to no edit")")
        }
        Terminal.say("\(findings.count - standing.count) of \(findings.count) checks fall to an edited trace")
        if !standing.isEmpty || findings.isEmpty { throw ExitCode(1) }
    }
}
