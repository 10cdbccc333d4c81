/// Finds what is wrong between the lines and between the files: names that nobody defined, refusals that would prove nothing.
struct Linter {
    static let lineLimit = 60

    let catalogue: Catalogue
    /// The files' text by path, to find a word's place.
    let texts: [String: String]

    /// - Parameter crossFile: whether every file could be read, so that names may be looked for in others.
    func problems(crossFile: Bool) -> [SourceError] {
        var found: [SourceError] = []
        for scenario in catalogue.scenarios {
            let page = page("scenarios/\(scenario.id).yaml")
            found += lengthWarning(page)
            var story = StoryLinter(scenario: scenario, page: page)
            found += story.problems()
        }
        guard crossFile else { return found }
        return found + schemes() + checks() + defects() + CataloguePlaces(catalogue: catalogue, page: page).problems()
            + RuleLinter(catalogue: catalogue, page: page).problems()
    }

    private func page(_ file: String) -> Page { Page(file: file, text: texts[file] ?? "") }

    private func lengthWarning(_ page: Page) -> [SourceError] {
        guard page.lines.count > Self.lineLimit + 1 else { return [] }
        return [
            SourceError(
                file: page.file, line: Self.lineLimit + 1, column: 1, severity: .warning,
                message: "\(page.lines.count - 1) lines; one phenomenon fits in about \(Self.lineLimit)")
        ]
    }

    private func schemes() -> [SourceError] {
        let known = catalogue.schemes.map(\.id)
        return catalogue.scenarios.flatMap { scenario in
            let page = page("scenarios/\(scenario.id).yaml")
            return scenario.schemes.filter { !known.contains($0) }.map {
                page.error(at: $0, "no scheme '\($0)' in schemes/\(Suggestion.phrase(for: $0, among: known))")
            }
        }
    }

    private func checks() -> [SourceError] {
        var found: [SourceError] = []
        let known = catalogue.requirements.map(\.id)
        var decidedIn: [String: String] = [:]
        for scenario in catalogue.scenarios {
            let page = page("scenarios/\(scenario.id).yaml")
            for check in scenario.decisions {
                if !known.contains(check.id) {
                    let hint = Suggestion.phrase(for: check.id, among: known)
                    found.append(page.error(at: check.id, from: check.line, "no check '\(check.id)' in requirements/\(hint)"))
                }
                if let other = decidedIn[check.id], other != scenario.id {
                    found.append(page.error(at: check.id, from: check.line, "check '\(check.id)' is already decided by \(other)"))
                }
                decidedIn[check.id] = decidedIn[check.id] ?? scenario.id
            }
        }
        for requirement in catalogue.requirements where decidedIn[requirement.id] == nil {
            found.append(
                page(requirement.file).error(
                    at: requirement.id, from: requirement.line, "no scenario decides the check '\(requirement.id)'"))
        }
        for (id, all) in Dictionary(grouping: catalogue.requirements, by: \.id) where all.count > 1 {
            found.append(page(all[1].file).error(at: id, from: all[1].line, "check '\(id)' is defined twice"))
        }
        return found
    }

    private func defects() -> [SourceError] {
        var found: [SourceError] = []
        let known = Set(catalogue.defects.map(\.id))
        var bittenBy: [String: Set<String>] = [:]
        for scenario in catalogue.scenarios {
            let page = page("scenarios/\(scenario.id).yaml")
            for check in scenario.decisions {
                for defect in check.bites {
                    bittenBy[defect, default: []].insert(check.id)
                    guard !known.contains(defect) else { continue }
                    let hint = Suggestion.phrase(for: defect, among: known)
                    found.append(page.error(at: defect, from: check.line, "no defect '\(defect)' in defects/\(hint)"))
                }
            }
        }
        let checks = Set(catalogue.requirements.map(\.id))
        for (id, all) in Dictionary(grouping: catalogue.defects, by: \.id) where all.count > 1 {
            found.append(page(all[1].file).error(at: id, from: all[1].line, "defect '\(id)' is defined twice"))
        }
        for defect in catalogue.defects {
            let page = page(defect.file)
            let bitten = bittenBy[defect.id] ?? []
            if bitten.isEmpty, !defect.isSentinel {
                found.append(page.error(at: defect.id, from: defect.line, "no check names '\(defect.id)' in its 'bites'"))
            }
            for check in defect.allKills.sorted() where !checks.contains(check) {
                let hint = Suggestion.phrase(for: check, among: checks)
                found.append(page.error(at: check, from: defect.line, "no check '\(check)' in requirements/\(hint)"))
            }
            // Every check that bites must be in the kill set; the kill set may be wider, by checks the defect cannot spare.
            for check in bitten.subtracting(defect.allKills).sorted() {
                found.append(page.error(at: defect.id, from: defect.line, "check '\(check)' bites this defect and is not in its kill set"))
            }
        }
        return found
    }
}
