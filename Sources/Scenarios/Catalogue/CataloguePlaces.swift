/// Holds the schemes of the schemes, the table and the subjects against one another.
struct CataloguePlaces {
    let catalogue: Catalogue
    let page: (String) -> Page

    func problems() -> [SourceError] { table() + subjects() + baselines() + profiles() + repeatedMeasures() }

    private var schemes: [String] { catalogue.schemes.map(\.id) }

    private func table() -> [SourceError] {
        guard let table = catalogue.table else { return [] }
        let page = page("requirements/table.yaml")
        let measures = Set(catalogue.scenarios.flatMap { $0.measures.map(\.name) })
        let checks = Set(catalogue.requirements.map(\.id))
        let families = table.families.map(\.id)
        var found: [SourceError] = []
        func need(_ name: String, in known: some Collection<String>, _ what: String, _ line: Int) {
            guard !known.contains(name) else { return }
            found.append(page.error(at: name, from: line, "no \(what) '\(name)'\(Suggestion.phrase(for: name, among: known))"))
        }
        for family in table.families { family.schemes.forEach { need($0, in: schemes, "scheme", 1) } }
        (table.brief?.schemes ?? []).forEach { need($0, in: schemes, "scheme", 1) }
        (table.brief?.rows ?? []).forEach { need($0, in: table.rows.map(\.id), "row", 1) }
        for row in table.rows {
            (row.elsewhereFor ?? []).forEach { need($0, in: schemes, "scheme", row.line) }
            for cell in row.cells {
                (cell.schemes ?? []).forEach { need($0, in: schemes, "scheme", row.line) }
                for part in TemplateText.parts(cell.words) ?? [] {
                    switch part {
                    case .measure(let name): need(name, in: measures, "measure", row.line)
                    case .check(let id), .held(let id): need(id, in: checks, "check", row.line)
                    case .words: break
                    }
                }
            }
            for claim in row.claims {
                need(claim.family, in: families, "family", claim.line)
                for condition in claim.holds {
                    switch condition {
                    case .measure(let name, _, _): need(name, in: measures, "measure", claim.line)
                    case .check(let id, _): need(id, in: checks, "check", claim.line)
                    }
                }
            }
        }
        return found
    }

    private func subjects() -> [SourceError] {
        catalogue.subjects.flatMap { problems(of: $0, page("subjects/\($0.id)/subject.yaml")) }
    }

    private func baselines() -> [SourceError] {
        catalogue.subjects.flatMap { problems(ofBaselineOf: $0, page("subjects/\($0.id)/baseline.yaml")) }
    }

    /// A scheme that nobody knows would not be played, and nothing would be found.
    func problems(of subject: Subject, _ page: Page) -> [SourceError] {
        subject.schemes.filter { $0 != "none" && !schemes.contains($0) }.map { scheme in
            page.error(at: scheme, "no scheme '\(scheme)' in schemes/\(Suggestion.phrase(for: scheme, among: schemes))")
        }
    }

    /// A known failure of a check that nobody decides there would never be found stale.
    func problems(ofBaselineOf subject: Subject, _ page: Page) -> [SourceError] {
        let decisions = catalogue.scenarios.flatMap(\.decisions)
        return subject.known.filter { $0.check != KnownFailure.firstContact }.compactMap { known in
            let schemes = Set(decisions.filter { $0.id == known.check }.flatMap(\.schemes))
            if schemes.isEmpty {
                let hint = Suggestion.phrase(for: known.check, among: catalogue.requirements.map(\.id))
                return page.error(at: known.check, from: known.line, "no check '\(known.check)' in requirements/\(hint)")
            }
            guard let scheme = (known.schemes ?? []).first(where: { !schemes.contains($0) || !subject.schemes.contains($0) }) else {
                return nil
            }
            return page.error(at: scheme, from: known.line, "'\(known.check)' is not decided for \(subject.id) in the scheme '\(scheme)'")
        }
    }

    private func profiles() -> [SourceError] {
        let checks = Set(catalogue.requirements.map(\.id))
        return catalogue.profiles.flatMap { profile in
            let page = page("profiles/\(profile.id).yaml")
            let strange = profile.schemes.filter { !schemes.contains($0) }.map {
                page.error(at: $0, "no scheme '\($0)' in schemes/\(Suggestion.phrase(for: $0, among: schemes))")
            }
            return strange
                + profile.revisions.sorted { $0.key < $1.key }.flatMap { revision, frozen in
                    let decided = Set(catalogue.checks(of: profile, era: revision))
                    return frozen.filter { !decided.contains($0) }.map { check in
                        checks.contains(check)
                            ? page.error(
                                at: check, "'\(check)' is frozen in \(revision), and is not decided in the profile's schemes any more")
                            : page.error(at: check, "no check '\(check)' in requirements/\(Suggestion.phrase(for: check, among: checks))")
                    }
                }
        }
    }

    /// The table names a measure without its scenario.
    private func repeatedMeasures() -> [SourceError] {
        var owner: [String: String] = [:]
        var found: [SourceError] = []
        for scenario in catalogue.scenarios {
            for measure in scenario.measures {
                if let other = owner[measure.name], other != scenario.id {
                    found.append(
                        page("scenarios/\(scenario.id).yaml").error(
                            at: measure.name, from: measure.line, "measure '\(measure.name)' is already one of \(other)"))
                }
                owner[measure.name] = owner[measure.name] ?? scenario.id
            }
        }
        return found
    }
}
