import ArgumentParser
import Foundation
import Judge
import Reports
import Scenarios

struct AdviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Ask the article's four questions, and answer with a scheme and the measured numbers behind it.",
        discussion: """
            Questions that no flag answers are asked on the terminal. The numbers are those of the latest run.

            EXAMPLES
              authbed advise
              authbed advise --both-ends --no-for-users --no-regulated --sensitive
              authbed advise --no-both-ends --for-users --no-regulated --no-sensitive --json | jq -r .recommended
            """)

    @OptionGroup var project: ProjectOptions
    @Flag(inversion: .prefixedNo, help: "You control both the client and the server.") var bothEnds: Bool?
    @Flag(inversion: .prefixedNo, help: "The agent acts on behalf of a specific user.") var forUsers: Bool?
    @Flag(inversion: .prefixedNo, help: "It is a regulated or zero-trust environment.") var regulated: Bool?
    @Flag(inversion: .prefixedNo, help: "The tools are sensitive: they write, run programs or reach outside.") var sensitive: Bool?
    @Flag(help: "Print JSON.") var json = false
    @Option(help: ArgumentHelp("Another run's results.json.", valueName: "file")) var from: String?

    func run() throws {
        let answers = Advice.Answers(
            bothEnds: try answer(bothEnds, "both-ends", "Do you control both the MCP client and the server?"),
            forUsers: try answer(forUsers, "for-users", "Does the agent act on behalf of a specific user?"),
            regulated: try answer(regulated, "regulated", "Is this a regulated or zero-trust environment?"),
            sensitive: try answer(sensitive, "sensitive", "Are the tools sensitive (writing, running programs, reaching outside)?"))
        let root = try project.root()
        let latest = from ?? root + "/results/latest"
        let catalogue = try project.catalogue()
        let advice = Advice(
            answers, results: try results(latest), definition: catalogue.table,
            proven: RunFiles.proven(root, root + "/results"))
        guard json else {
            let titles = Dictionary(catalogue.schemes.map { ($0.id, $0.title) }) { first, _ in first }
            return Terminal.say(advice.text(width: Terminal.width, colour: Terminal.hasColour, titles: titles))
        }
        try Terminal.say(json: advice, snakeCase: true)
    }

    private func answer(_ given: Bool?, _ flag: String, _ question: String) throws -> Bool {
        if let given { return given }
        guard isatty(0) == 1 else {
            throw ValidationError("'\(question)' has no answer: give --\(flag) or --no-\(flag)")
        }
        while true {
            FileHandle.standardError.write(Data("\(question) [y/n] ".utf8))
            guard let line = readLine() else { throw ValidationError("'\(question)' has no answer") }
            switch line.lowercased().trimmingCharacters(in: .whitespaces) {
            case "y", "yes": return true
            case "n", "no": return false
            default: continue
            }
        }
    }

    /// Nil where nothing was run yet; a file that was named has to be there.
    private func results(_ path: String) throws -> Results? {
        guard from != nil || FileManager.default.fileExists(atPath: path + "/results.json") else { return nil }
        return try RunFiles.results(at: path)
    }
}
