/// Whether what is required is decided, and whether what is decided is shown to bite.
extension Catalogue {
    package struct Counts: Sendable, Hashable {
        /// The checks that scenarios decide.
        package var decided: Set<String> = []
        /// Checks that no defect turns red where they are decided.
        package var unproven: [String] = []
        /// Defects that turn nothing red that is decided in a scheme of theirs.
        package var unused: [String] = []
    }

    /// A check that decides it, for each rule of the catalogue that has one.
    var coveredRules: [String: String] {
        requirements.reduce(into: [:]) { covered, check in
            for rule in check.covers { covered[rule] = covered[rule] ?? check.id }
        }
    }

    /// How many of the catalogue's rules checks decide, and how many say what became of them instead.
    package func ruleCounts(of role: Subject.Role) -> (decided: Int, answered: Int) {
        let all = rules.filter { $0.role == role }
        return (all.count { $0.instead == nil }, all.count { $0.instead != nil })
    }

    package var counts: Counts {
        /// The schemes each check is decided in.
        var schemes: [String: Set<String>] = [:]
        for decision in scenarios.flatMap(\.decisions) { schemes[decision.id, default: []].formUnion(decision.schemes) }
        let bites = scenarios.flatMap(\.decisions).reduce(into: [String: Set<String>]()) { $0[$1.id, default: []].formUnion($1.bites) }
        var counts = Counts(decided: Set(schemes.keys))
        func kills(_ defect: Defect, _ check: String) -> Bool { (schemes[check] ?? []).contains { defect.kills(in: $0).contains(check) } }
        for requirement in requirements {
            let named = defects.filter { bites[requirement.id]?.contains($0.id) ?? false }
            if !named.contains(where: { kills($0, requirement.id) || $0.isSentinel }) { counts.unproven.append(requirement.id) }
        }
        counts.unused = defects.filter { defect in !defect.isSentinel && !defect.allKills.contains { kills(defect, $0) } }.map(\.id)
        return counts
    }
}
