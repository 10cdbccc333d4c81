import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios
import Trace

/// The documents of a run, made from its results, its trace and the project's files.
enum RunFormat: String, CaseIterable, ExpressibleByArgument {
    case html, markdown, sarif, junit, badge, json

    var file: String {
        switch self {
        case .html: "report.html"
        case .markdown: "report.md"
        case .sarif: "report.sarif"
        case .junit: "junit.xml"
        case .badge: "badge.json"
        case .json: "results.json"
        }
    }

    func text(_ input: ReportInput) throws -> String {
        switch self {
        case .html: HTMLReport.text(input)
        case .markdown: MarkdownSummary.text(input.results)
        case .sarif: try SARIFReport.text(input.results, catalogue: input.catalogue)
        case .junit: JUnitReport.text(input.results)
        case .badge: try BadgeFile.text(input.results)
        case .json: try ResultsFile.text(input.results)
        }
    }
}

/// Writes a run's documents into its folder, and reads them back.
enum RunFiles {
    /// Writes every document.
    /// - Throws: `ExitCode(3)` after saying why, when one cannot be written.
    static func write(_ input: ReportInput, in folder: String) throws {
        for format in RunFormat.allCases { try write(format.text(input), to: "\(folder)/\(format.file)") }
    }

    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            Terminal.complain("authbed: error: \(path): \(error.localizedDescription)")
            throw ExitCode(3)
        }
    }

    /// - Parameter path: A run's folder, or its results.json.
    /// - Throws: `ExitCode(2)` after saying why, when there are no results.
    static func results(at path: String) throws -> Results {
        let file = isFolder(path) ? "\(path)/results.json" : path
        guard let data = FileManager.default.contents(atPath: file) else {
            Terminal.complain("authbed: error: \(file): cannot be read; `authbed run` makes it")
            throw ExitCode(2)
        }
        do throws(ResultsFileError) {
            return try ResultsFile.read(String(decoding: data, as: UTF8.self))
        } catch {
            Terminal.complain("\(file): error: \(error.message)")
            throw ExitCode(2)
        }
    }

    static func folder(of path: String) -> String {
        isFolder(path) ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// What the report is made of, with what `authbed prove` and `authbed bench` left in the folder of all runs.
    /// - Parameter trace: Nil where it is not at hand.
    static func input(_ results: Results, trace: RecordedRun?, catalogue: Catalogue, root: String, runs: String) -> ReportInput {
        ReportInput(results: results, trace: trace, catalogue: catalogue, proven: proven(root, runs), throughput: throughput(runs))
    }

    /// The defects that these same programs and files were proven with, by all that they could touch or by the scenarios that decide
    /// them: either shows that the checks they kill can fail. Nil where nobody has proven anything, or a program is missing.
    static func proven(_ root: String, _ runs: String) -> Set<String>? {
        let path = "\(runs)/proven.json"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let programs = URL(fileURLWithPath: Programs.own()).deletingLastPathComponent().path
        return try? ProofLedger.proven(path: path, programs: programs, root: root, modes: ["all", "quick"])
    }

    private static func throughput(_ runs: String) -> [ReportInput.Throughput] {
        guard let data = FileManager.default.contents(atPath: "\(runs)/bench/bench.json"),
            let bench = try? JSONDecoder().decode(BenchResults.self, from: data)
        else { return [] }
        let middle = { (rounds: [Double]) in rounds.isEmpty ? 0 : rounds.sorted()[rounds.count / 2] }
        return bench.throughput.map { row in
            var throughput = ReportInput.Throughput(
                scheme: row.scheme, perSecond: middle(row.perSecond), ratio: row.ratio, lowest: row.lowest, highest: row.highest)
            if let medians = row.medianMicroseconds, let lowest = medians.min(), let highest = medians.max() {
                throughput.latency = ReportInput.Latency(
                    median: middle(medians), lowest: lowest, highest: highest, most: middle(row.percentile90Microseconds ?? medians))
            }
            throughput.refusedPerSecond = row.refusedPerSecond.map(middle)
            return throughput
        }
    }
}
