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
            Parts stand between `<!-- measured: NAME -->` and `<!-- end -->`; the whole table is written to docs/results/table.md \
            and the whole bench to docs/results/bench.md, and to README.md those columns and rows that requirements/table.yaml calls brief. With --check, nothing \
            is written: the whole table must have the rows that the project's files define, no cell may be empty, and README.md must \
            say the same.
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
        guard let definition = try project.catalogue().table else { throw ValidationError("the project has no requirements/table.yaml") }
        try replace("run", "The run above: \(played)", in: &text)
        let whole = """
            # Every scheme and every row

            Written by `authbed readme` from a whole run: \(played)

            \(MarkdownTable.text(table))
            ## What each row measures

            \(MarkdownTable.meanings(definition))

            """
        try replace("table", BriefTable(whole, of: definition).text, in: &text)
        try write(whole, to: root + "/" + Self.whole)
        if let data = FileManager.default.contents(atPath: root + "/results/bench/bench.json") {
            let bench = try JSONDecoder().decode(BenchResults.self, from: data)
            try replace("bench", bench.brief(definition.brief?.schemes ?? results.table?.columns.map(\.scheme) ?? []), in: &text)
            try write(
                "# What each scheme costs\n\nWritten by `authbed readme` from `authbed bench`.\n\n\(bench.markdown)\n",
                to: root + "/" + Self.costs)
        }
        try write(text, to: path)
        Terminal.say("README.md, \(Self.whole) and, from a bench, \(Self.costs): written")
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// The table without anything left out.
    private static let whole = "docs/results/table.md"
    /// The bench without anything left out.
    private static let costs = "docs/results/bench.md"

    private func verify(_ text: String, _ path: String, _ root: String) throws {
        guard let part = part("table", of: text) else { throw ValidationError("\(path) has no part named table") }
        let whole = root + "/" + Self.whole
        let table = try String(contentsOfFile: whole, encoding: .utf8)
        guard let definition = try project.catalogue().table else { throw ValidationError("the project has no requirements/table.yaml") }
        let all = rows(table[(table.firstIndex(of: "|") ?? table.endIndex)...])
        for row in definition.rows where !all.contains(where: { $0.hasPrefix("| \(row.title) |") }) {
            try complain("\(whole): error: the table has no row '\(row.title)'; `authbed readme` writes it")
        }
        for row in all where row.contains("not measured") || row.contains("could not be measured") || row.contains("|  |") {
            try complain("\(whole): error: the table has a cell without a measurement: \(row)")
        }
        let brief = lines(part), expected = lines(BriefTable(table, of: definition).text[...])
        if let (found, should) = zip(brief + [""], expected + [""]).first(where: { $0 != $1 }) {
            try complain(
                "\(path): error: the table is not \(whole) in brief; `authbed readme` writes both: '\(found)' should be '\(should)'")
        }
        Terminal.say("\(path): \(rows(part).count - 2) rows of \(whole)'s \(all.count - 2), none empty")
    }

    /// Of the first table; the one behind it holds what became of the article's words.
    private func rows(_ part: Substring) -> [String] { Array(lines(part).prefix { $0.hasPrefix("|") }) }

    private func lines(_ part: Substring) -> [String] {
        part.trimmingCharacters(in: .newlines).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func complain(_ why: String) throws {
        Terminal.complain(why)
        throw ExitCode(1)
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
