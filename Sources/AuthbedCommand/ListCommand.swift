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
            return try Terminal.say(json: items)
        }
        for item in items {
            Terminal.say("\(item.id)\n    \(item.title)\n    in \(item.schemes.joined(separator: ", "))")
            Terminal.say(item.checks.map { "      \($0)" }.joined(separator: "\n"))
        }
    }
}
