/// Finds rules of the catalogue that were lost on the way, and checks that say they cover what is none.
struct RuleLinter {
    let catalogue: Catalogue
    let page: (String) -> Page

    func problems() -> [SourceError] {
        guard !catalogue.rules.isEmpty else { return [] }
        return rules() + covers()
    }

    private func rules() -> [SourceError] {
        let page = page(CatalogueRulesFile.name)
        let covered = catalogue.coveredRules
        var seen: Set<String> = []
        return catalogue.rules.flatMap { rule -> [SourceError] in
            func problem(_ message: String) -> SourceError { page.error(at: rule.id, from: rule.line, message) }
            var found: [SourceError] = []
            if !seen.insert(rule.id).inserted { found.append(problem("rule '\(rule.id)' stands twice")) }
            switch (covered[rule.id], rule.instead) {
            case (nil, nil): found.append(problem("no check covers '\(rule.id)', and no 'instead' says what became of it"))
            case (let check?, _?): found.append(problem("check '\(check)' covers '\(rule.id)': 'instead' is for rules without a check"))
            default: break
            }
            return found
        }
    }

    private func covers() -> [SourceError] {
        let known = Set(catalogue.rules.map(\.id))
        return catalogue.requirements.flatMap { requirement in
            requirement.covers.filter { !known.contains($0) }.map {
                page(requirement.file).error(
                    at: $0, from: requirement.line,
                    "no rule '\($0)' in \(CatalogueRulesFile.name)\(Suggestion.phrase(for: $0, among: known))")
            }
        }
    }
}
