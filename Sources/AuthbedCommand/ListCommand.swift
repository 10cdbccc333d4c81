import ArgumentParser
import Foundation
import Scenarios

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the scenarios, the schemes each is played in, and the checks it decides.",
        discussion: """
            EXAMPLES
              authbed list
              authbed list --json | jq -r '.[].id'
            """)

    @OptionGroup var project: ProjectOptions
    @Flag(help: "Print JSON.") var json = false

    private struct Item: Encodable {
        var id: String
        var title: String
        var schemes: [String]
        var checks: [String]
    }

    func run() throws {
        let catalogue = try project.catalogue()
        let items = catalogue.scenarios.map {
            Item(id: $0.id, title: $0.title, schemes: $0.schemes, checks: $0.decisions.map(\.id))
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return Terminal.say(String(decoding: try encoder.encode(items), as: UTF8.self))
        }
        for item in items {
            Terminal.say("\(item.id)\n    \(item.title)\n    in \(item.schemes.joined(separator: ", "))")
            Terminal.say(item.checks.map { "      \($0)" }.joined(separator: "\n"))
        }
    }
}

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check the project's files: every error with its file, line and column.")

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let catalogue = try project.catalogue()
        for warning in catalogue.warnings { Terminal.complain("\(warning)") }
        let counts = catalogue.counts
        Terminal.say(
            "\(catalogue.scenarios.count) scenarios, \(catalogue.schemes.count) schemes, \(catalogue.requirements.count) checks, "
                + "\(catalogue.defects.count) defects: no errors")
        Terminal.say("checks decided \(counts.decided), unproven \(counts.unproven.count), unused defects \(counts.unused.count)")
        for check in counts.unproven {
            Terminal.complain("unproven: \(check): no defect that it names kills it in a scheme it is decided in")
        }
        for defect in counts.unused { Terminal.complain("unused: \(defect): none of its kills is decided in its scheme") }
        if !counts.unproven.isEmpty || !counts.unused.isEmpty { throw ExitCode(1) }
    }
}
