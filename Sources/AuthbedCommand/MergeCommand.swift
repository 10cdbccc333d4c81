import ArgumentParser
import Foundation
import Judge
import Reports
import Scenarios
import Trace

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put the shards of a run together: one trace, one results.json, one report.",
        discussion: """
            Each shard was played with `authbed run --shard i/n`, on any machine. All n must be there, whole, by the same \
            authbed, in the same era, against the same subjects. The verdicts are taken anew from the traces.

            EXAMPLES
              authbed run --shard 1/4 --results part-1       on one machine, and so on
              authbed merge part-*/latest --output results/merged
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The shards' folders, or their events.jsonl.") var shards: [String]
    @Option(help: ArgumentHelp("The folder to write; results/merged in the project's folder if not given.", valueName: "dir"))
    var output: String?

    func run() throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        let folder = output ?? root + "/results/merged"
        let traces = try shards.map { path -> (name: String, trace: RecordedRun) in
            let file = path.hasSuffix(".jsonl") ? path : path + "/events.jsonl"
            return (file, try Judging.read(file))
        }
        let merged: RecordedRun, results: Results
        do throws(TraceError) {
            merged = try TraceMerger.merge(traces)
            results = try Judge.judge(merged, requirements: catalogue.requirements, table: catalogue.table)
        } catch {
            Terminal.complain("authbed: error: \(error.message)")
            throw ExitCode(2)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            Terminal.complain("authbed: error: \(folder): \(error.localizedDescription)")
            throw ExitCode(3)
        }
        try RunFiles.write(try merged.text(), to: "\(folder)/events.jsonl")
        let runs = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        try RunFiles.write(RunFiles.input(results, trace: merged, catalogue: catalogue, root: root, runs: runs), in: folder)
        Terminal.say(TerminalReport(width: Terminal.width, colour: Terminal.hasColour).text(results))
        Terminal.complain("evidence: \(folder)/report.html")
        try Judging.exit(for: results)
    }
}
