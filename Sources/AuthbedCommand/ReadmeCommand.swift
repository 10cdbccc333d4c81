import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios
import Trace

struct ReadmeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readme",
        abstract: "Write the measured parts of README.md from the latest run and bench, or check that they can be read there.",
        discussion: """
            Parts stand between `<!-- measured: NAME -->` and `<!-- end -->`; the table with all its columns is written to
            docs/results/table.md. With --check, nothing is written: the tables must have the rows that the project's files define,
            and no cell may be empty.
            """)

    @OptionGroup var project: ProjectOptions
    @Flag(help: "Check instead of writing.") var check = false

    func run() throws {
        let root = try project.root()
        let path = root + "/README.md"
        var text = try String(contentsOfFile: path, encoding: .utf8)
        if check { return try verify(text, path, root) }
        let latest = root + "/results/latest/results.json"
        guard let data = FileManager.default.contents(atPath: latest) else {
            Terminal.complain("authbed: error: \(latest): cannot be read; `authbed run` makes it")
            throw ExitCode(2)
        }
        let results = try ResultsFile.read(String(decoding: data, as: UTF8.self))
        guard let table = results.table, results.incomplete == nil else { throw ValidationError("the latest run is not whole") }
        let played = "\(results.cells.count) cells, \(Int(results.seconds.rounded())) s, MCP \(results.run.era), \(results.run.machine)."
        try replace("table", MarkdownTable.text(table, schemes: try project.catalogue().table?.brief), in: &text)
        try replace("run", "The run above: \(played)", in: &text)
        let whole = """
            # Every scheme and every row

            Written by `authbed readme` from a whole run: \(played)

            \(MarkdownTable.text(table))
            """
        try Data(whole.utf8).write(to: URL(fileURLWithPath: root + "/" + Self.whole), options: .atomic)
        if let data = FileManager.default.contents(atPath: root + "/results/bench/bench.json") {
            try replace("bench", try JSONDecoder().decode(BenchResults.self, from: data).markdown, in: &text)
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        Terminal.say("README.md and \(Self.whole): written")
    }

    /// The table without anything left out.
    private static let whole = "docs/results/table.md"

    private func verify(_ text: String, _ path: String, _ root: String) throws {
        guard let part = part("table", of: text) else { throw ValidationError("\(path) has no part named table") }
        try verify(part, of: path)
        let whole = root + "/" + Self.whole
        let table = try String(contentsOfFile: whole, encoding: .utf8)
        try verify(table[(table.firstIndex(of: "|") ?? table.endIndex)...], of: whole)
    }

    private func verify(_ part: Substring, of path: String) throws {
        let definition = try project.catalogue().table
        // The first table; the one behind it holds what became of the article's words.
        let lines = part.trimmingCharacters(in: .newlines).split(separator: "\n", omittingEmptySubsequences: false)
        let rows = lines.prefix { $0.hasPrefix("|") }
        for row in definition?.rows ?? [] where !rows.contains(where: { $0.contains(row.title) }) {
            Terminal.complain("\(path): error: the table has no row '\(row.title)'; `authbed readme` writes it")
            throw ExitCode(1)
        }
        for row in rows where row.contains("not measured") || row.contains("could not be measured") || row.contains("|  |") {
            Terminal.complain("\(path): error: the table has a cell without a measurement: \(row)")
            throw ExitCode(1)
        }
        Terminal.say("\(path): \(rows.count) table rows, none empty")
    }

    private func part(_ name: String, of text: String) -> Substring? {
        guard let start = text.range(of: "<!-- measured: \(name) -->"),
            let end = text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex)
        else { return nil }
        return text[start.upperBound..<end.lowerBound]
    }

    private func replace(_ name: String, _ content: String, in text: inout String) throws {
        guard let old = part(name, of: text) else { throw ValidationError("README.md has no part named \(name)") }
        text.replaceSubrange(old.startIndex..<old.endIndex, with: "\n\(content.trimmingCharacters(in: .newlines))\n")
    }
}
