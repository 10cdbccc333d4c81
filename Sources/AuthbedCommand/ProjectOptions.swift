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
