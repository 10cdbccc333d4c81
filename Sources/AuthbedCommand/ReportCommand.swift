import ArgumentParser
import Foundation
import Judge
import Reports
import Trace

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run's report again, or one of its other documents.",
        discussion: """
            `authbed run` writes them all: report.html, report.md, report.sarif, junit.xml, badge.json and results.json. The \
            page shows calls and timelines where events.jsonl stands beside results.json; what `authbed prove` and `authbed \
            bench` found out since is taken in.

            EXAMPLES
              authbed report                      results/latest/report.html
              authbed report results/2026-11-27T033036Z-15880
              authbed report --format markdown --output - >> "$GITHUB_STEP_SUMMARY"
              authbed report --format sarif --output authbed.sarif
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "A run's folder, or its results.json; the latest run's if not given.") var results: String?
    @Option(help: "One of html, markdown, sarif, junit, badge, json.") var format = RunFormat.html
    @Option(help: ArgumentHelp("Where to write it; `-` for standard output. In the run's folder if not given.", valueName: "file"))
    var output: String?

    func run() throws {
        let root = try project.root()
        let path = results ?? root + "/results/latest"
        let results = try RunFiles.results(at: path)
        let folder = RunFiles.folder(of: path)
        let input = RunFiles.input(
            results, trace: trace(folder), catalogue: try project.catalogue(), root: root,
            runs: URL(fileURLWithPath: folder).resolvingSymlinksInPath().deletingLastPathComponent().path)
        let text = try format.text(input)
        let file = output ?? "\(folder)/\(format.file)"
        if file == "-" { return Terminal.write(text) }
        try RunFiles.write(text, to: file)
        Terminal.complain("written: \(file)")
    }

    private func trace(_ folder: String) -> RecordedRun? {
        let path = "\(folder)/events.jsonl"
        guard let data = FileManager.default.contents(atPath: path) else {
            Terminal.complain("\(path): not there, so the report shows no calls")
            return nil
        }
        do throws(TraceError) {
            return try TraceReader.read(String(decoding: data, as: UTF8.self))
        } catch {
            Terminal.complain("\(path): \(error), so the report shows no calls")
            return nil
        }
    }
}
