import ArgumentParser
import Scenarios

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check the project's files: every error with its file, line and column.",
        discussion: """
            Also whether each rule of the catalogue is decided by a check, or says why not; whether each check is decided by a \
            scenario and proven by a defect; and whether each defect is of use.

            EXAMPLES
              authbed lint
              authbed lint --json | jq .checks
            """)

    @OptionGroup var project: ProjectOptions
    @Flag(help: "Print JSON.") var json = false

    private struct Answer: Encodable {
        struct Rules: Encodable {
            var decided: Int
            var answeredOtherwise: Int
        }
        struct Checks: Encodable {
            var required: Int
            var decided: Int
            var unproven: [String]
        }
        var scenarios: Int
        var schemes: Int
        var defects: Int
        /// By role.
        var rules: [String: Rules]
        var checks: [String: Checks]
        var unusedDefects: [String]
        var warnings: [String]
    }

    func run() throws {
        let catalogue = try project.catalogue()
        let counts = catalogue.counts
        if json {
            try Terminal.say(json: answer(catalogue, counts), snakeCase: true)
        } else {
            for warning in catalogue.warnings { Terminal.complain("\(warning)") }
            tell(catalogue, counts)
        }
        if !counts.unproven.isEmpty || !counts.unused.isEmpty { throw ExitCode(1) }
    }

    private func tell(_ catalogue: Catalogue, _ counts: Catalogue.Counts) {
        Terminal.say(
            "\(catalogue.scenarios.count) scenarios, \(catalogue.schemes.count) schemes, \(catalogue.requirements.count) checks, "
                + "\(catalogue.defects.count) defects: no errors")
        if !catalogue.rules.isEmpty {
            let roles = Subject.Role.allCases.map { role in
                let (decided, answered) = catalogue.ruleCounts(of: role)
                return "\(role.rawValue) \(decided) of \(decided + answered)" + (answered > 0 ? ", the others say why not" : "")
            }
            Terminal.say("rules of the catalogue decided by checks: \(roles.joined(separator: "; "))")
        }
        let roles = Subject.Role.allCases.map { role in
            let all = catalogue.requirements.count { $0.role == role }
            return "\(role.rawValue) \(counts.decided(catalogue, role)) of \(all)"
        }
        Terminal.say(
            "checks decided: \(roles.joined(separator: ", ")); unproven \(counts.unproven.count), unused defects \(counts.unused.count)")
        for check in counts.unproven {
            Terminal.complain("unproven: \(check): no defect that it names kills it in a scheme it is decided in")
        }
        for defect in counts.unused { Terminal.complain("unused: \(defect): none of its kills is decided in its scheme") }
    }

    private func answer(_ catalogue: Catalogue, _ counts: Catalogue.Counts) -> Answer {
        var rules: [String: Answer.Rules] = [:]
        var checks: [String: Answer.Checks] = [:]
        for role in Subject.Role.allCases {
            let (decided, answered) = catalogue.ruleCounts(of: role)
            rules[role.rawValue] = .init(decided: decided, answeredOtherwise: answered)
            checks[role.rawValue] = .init(
                required: catalogue.requirements.count { $0.role == role }, decided: counts.decided(catalogue, role),
                unproven: counts.unproven.filter { catalogue.requirement($0)?.role == role })
        }
        return Answer(
            scenarios: catalogue.scenarios.count, schemes: catalogue.schemes.count, defects: catalogue.defects.count, rules: rules,
            checks: checks, unusedDefects: counts.unused, warnings: catalogue.warnings.map(\.description))
    }
}

extension Catalogue.Counts {
    fileprivate func decided(_ catalogue: Catalogue, _ role: Subject.Role) -> Int {
        decided.count { catalogue.requirement($0)?.role == role }
    }
}
