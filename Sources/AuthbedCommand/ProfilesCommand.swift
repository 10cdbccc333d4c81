import ArgumentParser
import Foundation
import Scenarios

struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "Show the kinds of servers, and which checks count for each in a revision of MCP.",
        discussion: """
            A set is frozen: a suite that grows afterwards makes nobody fail who had passed. `--freeze` takes what is decided now.

            EXAMPLES
              authbed profiles
              authbed run --subject my-server --profile oauth-resource-server
              authbed profiles --freeze 2026-07-28
            """)

    @OptionGroup var project: ProjectOptions
    @Option(help: ArgumentHelp("Freeze anew the sets of this revision.", valueName: "revision")) var freeze: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        if let freeze {
            guard ["2026-07-28", "2025-11-25"].contains(freeze) else {
                throw ValidationError("there is no revision \(freeze); there are 2026-07-28 and 2025-11-25")
            }
            for var profile in catalogue.profiles {
                let before = Set(profile.revisions[freeze] ?? [])
                let now = catalogue.checks(of: profile, era: freeze)
                profile.revisions[freeze] = now
                try RunFiles.write(ProfileFile.text(profile), to: "\(root)/profiles/\(profile.id).yaml")
                let new = Set(now).subtracting(before).count
                Terminal.say("\(profile.id) \(freeze): \(now.count) checks, \(new) new, \(before.subtracting(now).count) gone")
            }
            return
        }
        if json {
            return try Terminal.say(json: catalogue.profiles)
        }
        for profile in catalogue.profiles {
            Terminal.say("\(profile.id)\n    \(profile.title)\n    in \(profile.schemes.joined(separator: ", "))")
            for (revision, checks) in profile.revisions.sorted(by: { $0.key < $1.key }) {
                let new = Set(catalogue.checks(of: profile, era: revision)).subtracting(checks)
                Terminal.say("    \(revision): \(checks.count) checks, \(new.count) more since")
            }
        }
    }
}
