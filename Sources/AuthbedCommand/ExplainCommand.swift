import ArgumentParser
import Foundation
import Judge
import Reports
import Scenarios
import Trace

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Say what a check, scenario, defect, scheme, measure or row of the table is about: rule, source, why, how it is tried, what proves it.",
        discussion: """
            Where the project's sources are at hand, the bent code of the defect stands beside the right one; after a run, how to see a \
            check by hand with curl, and what came back.

            EXAMPLES
              authbed explain token.audience                 a check
              authbed explain revocation/takes-effect        a scenario
              authbed explain server/ignores-audience        a defect, with its code
              authbed explain revocation-fresh               a row of the table
              authbed explain revocation-fresh/mtls          one claim
              authbed explain "revocation speed"             what the article calls a factor
              authbed explain replayed-header                a measure
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Its name; `authbed list` shows scenarios and checks.", completion: ProjectNames.explained) var name: String

    func run() throws {
        let root = try project.root()
        let latest = FileManager.default.contents(atPath: root + "/results/latest/results.json").flatMap {
            try? ResultsFile.read(String(decoding: $0, as: UTF8.self))
        }
        let trace = RecordedLines(root + "/results/latest/events.jsonl")
        let explanation = Explanation(
            catalogue: try project.catalogue(), results: latest, call: { trace.event($0)?.call },
            source: DefectSource(files: sources(root)), width: Terminal.width,
            colour: Terminal.hasColour)
        guard let text = explanation.text(name) else {
            throw ValidationError("nothing is named '\(name)'\(explanation.hint(for: name)); `authbed list` shows scenarios and checks")
        }
        Terminal.write(text)
    }

    /// Empty where the program was installed without its sources.
    private func sources(_ root: String) -> [String: String] {
        var files: [String: String] = [:]
        for folder in ["Defects", "OAuth", "Auth", "MutualTLS", "Issuer"] {
            let names = FileManager.default.enumerator(atPath: "\(root)/Sources/\(folder)")?.compactMap { $0 as? String } ?? []
            for name in names where name.hasSuffix(".swift") && (folder == "Defects" || name.contains("Checks")) {
                let path = "Sources/\(folder)/\(name)"
                files[path] = try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
            }
        }
        return files
    }
}
