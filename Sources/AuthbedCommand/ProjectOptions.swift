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
        for folder in candidates where FileManager.default.fileExists(atPath: folder + "/scenarios") { return folder }
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

/// Which cells to play.
struct Selection: ParsableArguments {
    @Argument(help: "Scenarios, or folders of them, such as `revocation`; all when none is given.")
    var scenarios: [String] = []

    @Option(help: "A scheme; may be given several times. All when none is given.")
    var scheme: [String] = []

    @Option(help: "The MCP revision to speak: 2026-07-28 or 2025-11-25.")
    var era = "2026-07-28"

    @Option(help: "A subject's name; may be given once for each role. Ours where none is given.")
    var subject: [String] = []

    func cells(_ catalogue: Catalogue) throws -> [Cell] {
        guard ["2026-07-28", "2025-11-25"].contains(era) else {
            throw ValidationError("there is no era \(era); there are 2026-07-28 and 2025-11-25")
        }
        for name in scheme where catalogue.scheme(name) == nil {
            throw ValidationError("there is no scheme \(name); there are " + catalogue.schemes.map(\.id).joined(separator: ", "))
        }
        let chosen = catalogue.scenarios.filter { scenario in
            scenarios.isEmpty || scenarios.contains { scenario.id == $0 || scenario.id.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
        }
        for name in scenarios where !chosen.contains(where: { $0.id == name || $0.id.hasPrefix(name.hasSuffix("/") ? name : name + "/") }) {
            throw ValidationError("there is no scenario \(name); `authbed list` shows them")
        }
        let (server, issuer, client) = (try subject(.server, catalogue), try subject(.issuer, catalogue), try subject(.client, catalogue))
        return chosen.flatMap { scenario in
            catalogue.schemes.filter { scenario.schemes.contains($0.id) && (scheme.isEmpty || scheme.contains($0.id)) }.map {
                Cell(scenario: scenario, scheme: $0, era: era, server: server, issuer: issuer, client: client)
            }
        }
    }

    private func subject(_ role: Subject.Role, _ catalogue: Catalogue) throws -> Subject {
        for name in subject {
            guard let found = catalogue.subject(name) else {
                throw ValidationError("there is no subject \(name); there are " + catalogue.subjects.map(\.id).joined(separator: ", "))
            }
            if found.role == role { return found }
        }
        guard let own = catalogue.subject("authbed-\(role.rawValue)") else {
            throw ValidationError("there is no subject authbed-\(role.rawValue) in subjects/")
        }
        return own
    }
}
