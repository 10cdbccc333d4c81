import ArgumentParser
import Bed
import Foundation
import Judge
import Reports
import Scenarios

struct SubjectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subjects",
        abstract: "Install, list and run implementations that are not ours.",
        discussion: """
            EXAMPLES
              authbed subjects list
              authbed subjects install mcp-python-sdk nginx
              authbed subjects run --all
              authbed matrix
            """,
        subcommands: [SubjectsListCommand.self, SubjectsInstallCommand.self, SubjectsRunCommand.self])
}

struct SubjectsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the subjects: role, schemes, installed or not.")

    @OptionGroup var project: ProjectOptions

    func run() throws {
        for subject in try project.catalogue().subjects {
            let state = subject.needsInstalling ? "not installed" : subject.installer == nil ? "part of this" : "installed"
            Terminal.say(
                "\(subject.id)  \(subject.role.rawValue), \(state)\n    \(subject.title)\n    \(subject.schemes.joined(separator: ", "))")
        }
    }
}

struct SubjectsInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install subjects, each by the script in its folder; they keep to that folder or to Debian's packages.")

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Their names.", completion: ProjectNames.subjects) var names: [String] = []
    @Flag(help: "All that are not installed.") var all = false

    func run() async throws {
        let catalogue = try project.catalogue()
        let chosen = try catalogue.strangers(names, all: all).filter { !all || $0.needsInstalling }
        var failed: [String] = []
        for subject in chosen {
            guard let installer = subject.installer, let folder = subject.folder, let unfinished = subject.unfinished else { continue }
            Terminal.complain("installing \(subject.id)")
            do {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(Subject.marker)", withIntermediateDirectories: true)
                try RunFiles.write("", to: unfinished)
                try await SubjectInstaller.run(installer, in: folder)
                try FileManager.default.removeItem(atPath: unfinished)
            } catch let error as BedError {
                Terminal.complain("authbed: error: \(error)")
                failed.append(subject.id)
            } catch let error as CocoaError {
                Terminal.complain("authbed: error: \(folder)/\(Subject.marker): \(error.localizedDescription)")
                failed.append(subject.id)
            }
        }
        guard failed.isEmpty else {
            if chosen.count > 1 { Terminal.complain("not installed: \(failed.joined(separator: ", "))") }
            throw ExitCode(3)
        }
    }
}

struct SubjectsRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Judge subjects, one after another, each against its baseline.",
        discussion: """
            What was known is no finding; what is not so any more is one. The evidence of each lies in results/subjects/NAME, and \
            `authbed matrix` puts them side by side.
            """)

    @OptionGroup var project: ProjectOptions
    @Argument(help: "Their names.", completion: ProjectNames.subjects) var names: [String] = []
    @Flag(help: "All that are installed.") var all = false
    @Option(help: "The MCP revision to speak: 2026-07-28 or 2025-11-25.") var era = "2026-07-28"
    @Option(help: "How many cells to play at the same time; those that measure time play alone.")
    var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
    @Option(help: ArgumentHelp("Where runs are kept; results/ in the project's folder if not given.", valueName: "dir")) var results:
        String?

    func validate() throws {
        guard jobs > 0 else { throw ValidationError("--jobs is 1 or more") }
    }

    func run() async throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        let runs = results ?? root + "/results"
        var worst: Int32 = 0
        for subject in try catalogue.strangers(names, all: all) {
            if subject.needsInstalling {
                if !all { throw ValidationError("\(subject.id) is not installed; `authbed subjects install \(subject.id)` does it") }
                Terminal.say("\(subject.id)  not installed")
                continue
            }
            let options = try SubjectOptions.parse(["--subject", subject.id])
            let cast = try options.cast(catalogue, schemes: [])
            let cells = try Selection.parse(["--subject", subject.id, "--era", era]).cells(catalogue, cast)
            guard !cells.isEmpty else { continue }
            let name = "subjects/\(subject.id)" + (era == "2026-07-28" ? "" : "-\(era)")
            try? FileManager.default.removeItem(atPath: "\(runs)/\(name)")
            let folder = try RunFolder(root: root, results: runs, name: name, latest: false)
            let playing = Playing(
                root: root, catalogue: catalogue, cast: cast, cells: cells, era: era, runs: runs, jobs: jobs,
                scope: RunScope(role: cast.role, notOffered: cast.notOffered(catalogue)), quiet: true)
            let (judged, interrupted) = try await playing.play(in: folder)
            Terminal.say("\(subject.id)  \(Matrix.line(judged))")
            for line in TerminalReport(width: Terminal.width, colour: Terminal.hasColour).news(judged) { Terminal.say("    " + line) }
            if interrupted { throw ExitCode(3) }
            do { try Judging.exit(for: judged) } catch let code as ExitCode { worst = max(worst, code.rawValue) }
        }
        if worst != 0 { throw ExitCode(worst) }
    }
}

struct MatrixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix",
        abstract: "Put the subjects side by side: what `authbed subjects run` found, subjects by checks.",
        discussion: "As a page, results/subjects/matrix.html, whose cells open their evidence; and as Markdown on standard output.")

    @OptionGroup var project: ProjectOptions
    @Option(help: ArgumentHelp("Where runs are kept; results/ in the project's folder if not given.", valueName: "dir")) var results:
        String?
    @Option(help: ArgumentHelp("Also write it as a page to publish.", valueName: "file")) var page: String?

    func run() throws {
        let place = try (results ?? project.root() + "/results") + "/subjects"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
        let columns = try names.filter { FileManager.default.fileExists(atPath: "\(place)/\($0)/results.json") }.map {
            Matrix.Column(subject: $0, results: try RunFiles.results(at: "\(place)/\($0)"), report: "\($0)/report.html")
        }
        guard !columns.isEmpty else { throw ValidationError("no subject was judged yet; `authbed subjects run NAME` does it") }
        let matrix = Matrix(columns)
        try RunFiles.write(matrix.html, to: "\(place)/matrix.html")
        if let page { try RunFiles.write(MatrixPage(matrix).markdown, to: page) }
        Terminal.write(matrix.markdown)
        Terminal.complain("as a page: \(place)/matrix.html")
    }
}

extension Catalogue {
    /// The subjects that are not ours.
    ///
    /// - Throws: `ValidationError` for a name that is none, and where neither names nor all are asked for.
    fileprivate func strangers(_ names: [String], all: Bool) throws -> [Subject] {
        guard all != !names.isEmpty else { throw ValidationError("name subjects, or --all; `authbed subjects list` shows them") }
        if all { return subjects.filter { $0.installer != nil } }
        return try names.map { name in
            guard let found = subject(name) else {
                throw ValidationError("there is no subject \(name)\(Suggestion.phrase(for: name, among: subjects.map(\.id))) in subjects/")
            }
            return found
        }
    }
}

extension Subject {
    /// The folder that is there when it was installed.
    static let marker = ".installed"

    /// The file that is in that folder until all of it is there; nil where there is no folder.
    var unfinished: String? { folder.map { "\($0)/\(Self.marker)/unfinished" } }

    /// The script that installs it; nil where there is nothing to install.
    var installer: String? {
        guard let folder, FileManager.default.fileExists(atPath: "\(folder)/install") else { return nil }
        return "\(folder)/install"
    }

    var needsInstalling: Bool {
        guard installer != nil, let folder, let unfinished else { return false }
        let files = FileManager.default
        return !files.fileExists(atPath: "\(folder)/\(Self.marker)") || files.fileExists(atPath: unfinished)
    }
}
