import ArgumentParser
import Foundation
import Judge
import Reports

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show what changed between two runs, and nothing else.",
        discussion: """
            Verdicts are compared as they are. Numbers count as changed where another share of calls was accepted; how many \
            calls a probe made in its time does not matter. Windows count as changed where the one ends before the other begins, \
            by more than half of what the two brackets leave open and more than noise: six times what the middle one of all \
            windows of such a length moved between these two runs, and no less than 10 ms (20 ms from a second on, 5 s from a \
            minute on; five times that where fewer than eight windows are in both). The last line says what that was.

            EXAMPLES
              authbed compare results/before results/latest
              authbed compare old.json new.json --markdown
              authbed compare old.json new.json --json | jq '.changes[] | select(.worse)'

            EXIT STATUS
              0 nothing got worse
              1 a verdict became fail, inconclusive or error, or a check is gone
            """)

    @Argument(help: "The earlier run: its folder, or its results.json.") var old: String
    @Argument(help: "The later run.") var new: String
    @Flag(help: "As Markdown.") var markdown = false
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        let comparison = RunComparison(old: try RunFiles.results(at: old), new: try RunFiles.results(at: new))
        if json {
            try Terminal.say(json: comparison)
        } else if markdown {
            Terminal.write(ComparisonReport.markdown(comparison))
        } else {
            Terminal.write(ComparisonReport(width: Terminal.width, colour: Terminal.hasColour).text(comparison))
        }
        if comparison.isWorse { throw ExitCode(1) }
    }
}
