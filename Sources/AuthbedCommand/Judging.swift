import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios
import Trace

/// From a trace's file to results, and from results to files and an exit code.
enum Judging {
    /// - Throws: `ExitCode(2)` after saying why, when the file is no trace.
    static func read(_ path: String) throws -> RecordedRun {
        guard let data = FileManager.default.contents(atPath: path) else {
            Terminal.complain("authbed: error: \(path): cannot be read")
            throw ExitCode(2)
        }
        do throws(TraceError) {
            return try TraceReader.read(String(decoding: data, as: UTF8.self))
        } catch {
            Terminal.complain("\(path):\(error.line): error: \(error.message)")
            throw ExitCode(2)
        }
    }

    /// - Throws: `ExitCode(2)` after saying why, when the file is no trace.
    static func judge(_ path: String, catalogue: Catalogue) throws -> Results {
        try judge(try read(path), path, catalogue: catalogue)
    }

    static func judge(_ trace: RecordedRun, _ path: String, catalogue: Catalogue) throws -> Results {
        do throws(TraceError) {
            return try Judge.judge(trace, requirements: catalogue.requirements, table: catalogue.table)
        } catch {
            Terminal.complain("\(path):\(error.line): error: \(error.message)")
            throw ExitCode(2)
        }
    }

    /// 1 for findings, 3 where something is the bed's own fault.
    static func exit(for results: Results) throws {
        if results.cells.contains(where: { cell in cell.fault != nil || cell.checks.contains { $0.verdict == .error } }) {
            throw ExitCode(3)
        }
        if results.hasFindings { throw ExitCode(1) }
    }
}

extension Results {
    /// With what of the table was measured: a part of the scenarios fills a part of it, and the rest would only say that it was not.
    var withPlayedTable: Results {
        var results = self
        results.table = table?.reduced(to: Set(cells.map(\.scheme)))
        if results.table?.rows.isEmpty ?? false { results.table = nil }
        return results
    }
}

struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judge a trace again, also one that was cut short.",
        discussion: """
            EXAMPLES
              authbed judge results/latest/events.jsonl
              authbed judge old.jsonl --json | jq .table
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "The trace.") var trace: String
    @Flag(help: "Print the results as JSON.") var json = false
    @Flag(name: .shortAndLong, help: "List the checks that passed, too.") var verbose = false

    func run() throws {
        let results = try Judging.judge(trace, catalogue: try project.catalogue())
        Terminal.say(
            json
                ? try ResultsFile.text(results)
                : TerminalReport(width: Terminal.width, colour: Terminal.hasColour, verbose: verbose).text(results.withPlayedTable))
        try Judging.exit(for: results)
    }
}

struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Print the comparison table of the latest run.",
        discussion: """
            EXAMPLES
              authbed table
              authbed table --markdown
            """)

    @OptionGroup var project: ProjectOptions
    @Option(help: ArgumentHelp("Another run's results.json.", valueName: "file")) var from: String?
    @Flag(help: "As Markdown.") var markdown = false
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        let path = try from ?? project.root() + "/results/latest/results.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            Terminal.complain("authbed: error: \(path): cannot be read; `authbed run` makes it")
            throw ExitCode(2)
        }
        do throws(ResultsFileError) {
            let results = try ResultsFile.read(String(decoding: data, as: UTF8.self))
            guard let table = json ? results.table : results.withPlayedTable.table else {
                throw ResultsFileError(message: results.table == nil ? "it has no table" : "nothing of the table was measured in this run")
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                Terminal.say(String(decoding: (try? encoder.encode(table)) ?? Data(), as: UTF8.self))
            } else if markdown {
                Terminal.say(MarkdownTable.text(table))
            } else {
                Terminal.say(TerminalTable(width: Terminal.width, colour: Terminal.hasColour).text(table))
            }
        } catch {
            Terminal.complain("\(path): error: \(error.message)")
            throw ExitCode(2)
        }
    }
}
