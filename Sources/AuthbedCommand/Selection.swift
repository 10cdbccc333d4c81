import ArgumentParser
import Bed
import Foundation
import Scenarios

/// Which cells to play, and with whom.
struct Selection: ParsableArguments {
    @Argument(help: "Scenarios, or folders of them, such as `revocation`; all when none is given.", completion: ProjectNames.scenarios)
    var scenarios: [String] = []

    @Option(help: "A scheme; may be given several times. All when none is given.", completion: ProjectNames.schemes)
    var scheme: [String] = []

    @Option(help: "The MCP revision to speak: 2026-07-28 or 2025-11-25.", completion: ProjectNames.eras)
    var era = "2026-07-28"

    @Option(
        help: "Play and judge only what counts for a kind of server, as frozen for the revision; `authbed profiles` shows them.",
        completion: ProjectNames.profiles)
    var profile: String?

    @OptionGroup var subjects: SubjectOptions

    /// Whether nothing was left out.
    var isWhole: Bool { scenarios.isEmpty && scheme.isEmpty && profile == nil }

    /// The checks that count; nil where all do.
    func frozen(_ catalogue: Catalogue) throws -> (profile: Profile, checks: [String])? {
        guard let profile else { return nil }
        guard let found = catalogue.profile(profile) else {
            throw ValidationError("there is no profile \(profile); there are " + catalogue.profiles.map(\.id).joined(separator: ", "))
        }
        guard let checks = found.revisions[era] else {
            throw ValidationError(
                "\(profile) has no frozen set for \(era); it has one for " + found.revisions.keys.sorted().joined(separator: ", "))
        }
        return (found, checks)
    }

    func cells(_ catalogue: Catalogue, _ cast: Cast) throws -> [Cell] {
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
            let folders = catalogue.scenarios.map { String($0.id.prefix { $0 != "/" }) }
            let hint = Suggestion.phrase(for: name, among: folders + catalogue.scenarios.map(\.id))
            throw ValidationError("there is no scenario \(name)\(hint); `authbed list` shows them")
        }
        let frozen = try frozen(catalogue)
        let ofRole = Set(catalogue.requirements.filter { cast.role == nil || $0.role == cast.role }.map(\.id))
            .intersection(frozen?.checks ?? catalogue.requirements.map(\.id))
        let needs = catalogue.needs
        // A stranger is not asked for what it never offered; which schemes those are stands at the head of the report.
        let offered = cast.isStranger ? Set(cast.server.schemes) : nil
        return chosen.flatMap { scenario in
            let played = scenario.schemes(with: cast.issuer, cast.client) { scheme in
                offered?.contains(scheme) ?? true && frozen?.profile.schemes.contains(scheme) ?? true
                    && (self.scheme.isEmpty || self.scheme.contains(scheme))
                    && scenario.decisions.contains { ofRole.contains($0.id) && $0.schemes.contains(scheme) }
            }
            return catalogue.schemes.filter { played.contains($0.id) }.map {
                var cell = Cell(scenario: scenario, scheme: $0, era: era, server: cast.server, issuer: cast.issuer, client: cast.client)
                cell.needs = needs
                return cell
            }
        }
    }
}

/// Who plays, in every role, and which role is looked at.
struct Cast: Sendable {
    var server: Subject
    var issuer: Subject
    var client: Subject
    /// Nil where all are.
    var role: Subject.Role?

    /// Whether the server is looked at and may be anybody's, so that nobody knows yet whether it and the bed understand each other.
    var isStranger: Bool { role == .server && server.id != "authbed-server" }

    /// The schemes that a stranger does not offer; nil for our own.
    func notOffered(_ catalogue: Catalogue) -> [String]? {
        isStranger ? catalogue.schemes.map(\.id).filter { !server.schemes.contains($0) } : nil
    }

    /// How many cells may be played at the same time, of so many: the issuer that a server knows by its port can only stand there once.
    func atOnce(_ jobs: Int) -> Int { server.issuerPort == nil ? jobs : 1 }

    /// The one that is looked at; nil where all are.
    var underTest: Subject? {
        switch role {
        case .server: server
        case .issuer: issuer
        case .client: client
        case nil: nil
        }
    }
}
