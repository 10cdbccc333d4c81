import ArgumentParser
import Bed
import Foundation
import Scenarios

/// Where the scenario files are, and what they say.
struct ProjectOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder with scenarios/, schemes/, requirements/, defects/ and subjects/.", valueName: "dir"))
    var project: String?

    /// The folder given, else the working one, else the one this program was built in.
    func root() throws -> String {
        let own = URL(fileURLWithPath: Programs.own()).deletingLastPathComponent()
        let candidates =
            project.map { [$0] } ?? [FileManager.default.currentDirectoryPath]
            + (1...4).map { steps in
                (0..<steps).reduce(own) { url, _ in url.deletingLastPathComponent() }.path
            }
        for folder in candidates where FileManager.default.fileExists(atPath: folder + "/scenarios") {
            // Commands of subjects may be run from elsewhere.
            return URL(fileURLWithPath: folder).standardizedFileURL.path
        }
        throw ValidationError("there is no folder scenarios/ in \(candidates[0]); name the project's folder with --project")
    }

    /// - Throws: `ExitCode(2)` after printing every error with its file, line and column.
    func catalogue() throws -> Catalogue {
        do {
            return try Catalogue.load(from: try root())
        } catch let errors as SourceErrors {
            Terminal.complain("\(errors)")
            throw ExitCode(2)
        }
    }
}

/// What a shell may complete: names of the project that the working folder is in. Where that cannot be read, nothing is said.
enum ProjectNames {
    static let schemes = CompletionKind.custom { _, _, _ in catalogue?.schemes.map(\.id) ?? [] }
    static let scenarios = CompletionKind.custom { _, _, _ in
        let names = catalogue?.scenarios.map(\.id) ?? []
        return Set(names.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted() + names
    }
    static let subjects = CompletionKind.custom { _, _, _ in catalogue?.subjects.map(\.id) ?? [] }
    static let profiles = CompletionKind.custom { _, _, _ in catalogue?.profiles.map(\.id) ?? [] }
    static let eras = CompletionKind.list(["2026-07-28", "2025-11-25"])
    static let explained = CompletionKind.custom { _, _, _ in
        guard let catalogue else { return [] }
        return catalogue.requirements.map(\.id) + catalogue.scenarios.map(\.id) + catalogue.defects.map(\.id) + catalogue.schemes.map(\.id)
            + (catalogue.table?.rows ?? []).map(\.id)
    }

    private static var catalogue: Catalogue? {
        guard let options = try? ProjectOptions.parse([]), let root = try? options.root() else { return nil }
        return try? Catalogue.load(from: root)
    }
}
