import Foundation
package import Judge
package import Scenarios
package import Trace

/// Says in words what a check, a scenario, a defect, a scheme or a claim is about, and how one sees it.
package struct Explanation: Sendable {
    package var catalogue: Catalogue
    /// The latest run's, to say how things stand; nil where there is none.
    package var results: Results?
    /// A call of the latest run's trace, by its event's number; nil where there is none.
    package var call: @Sendable (Int) -> CallEvent?
    package var source: DefectSource
    package var width: Int
    package var colour: Bool

    package init(
        catalogue: Catalogue, results: Results?, call: @escaping @Sendable (Int) -> CallEvent? = { _ in nil }, source: DefectSource,
        width: Int = 100, colour: Bool = false
    ) {
        self.catalogue = catalogue
        self.results = results
        self.call = call
        self.source = source
        self.width = max(width, 40)
        self.colour = colour
    }

    /// Every name that can be explained.
    package var names: [String] {
        catalogue.requirements.map(\.id) + catalogue.scenarios.map(\.id) + catalogue.defects.map(\.id) + catalogue.schemes.map(\.id)
            + (catalogue.table?.rows ?? []).map(\.id)
    }

    /// What stands in place of an answer for a name that nothing has: near ones, and those that hold it.
    package func hint(for name: String) -> String {
        let near = Suggestion.phrase(for: name, among: names)
        guard near.isEmpty, name.count > 2 else { return near }
        let holding = names.filter { $0.localizedCaseInsensitiveContains(name) }
        guard !holding.isEmpty else { return "" }
        return "; there are \(holding.prefix(6).joined(separator: ", "))" + (holding.count > 6 ? " and \(holding.count - 6) more" : "")
    }

    /// Nil where nothing has that name. A scheme and a row of the table may share one; then both are told. The article's own words for a
    /// factor, and the title of a row, are good for a name, in capitals or not.
    package func text(_ name: String) -> String? {
        var blocks: [String] = []
        if let requirement = catalogue.requirement(name) { blocks.append(check(requirement)) }
        if let scenario = catalogue.scenario(name) { blocks.append(self.scenario(scenario)) }
        if let defect = catalogue.defect(name) { blocks.append(self.defect(defect)) }
        if let scheme = catalogue.scheme(name) { blocks.append(self.scheme(scheme)) }
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        if let row = catalogue.table?.rows.first(where: { $0.id == parts.first }),
            parts.count == 1 || row.claims.contains(where: { $0.family == parts[1] })
        {
            blocks.append(self.row(row, family: parts.count == 2 ? parts[1] : nil))
        }
        blocks += measures(name)
        if blocks.isEmpty {
            let said = { (title: String?) in title.map { $0.lowercased() == name.lowercased() } ?? false }
            blocks = (catalogue.table?.rows ?? []).filter { said($0.title) || said($0.factor) }.map { row($0, family: nil) }
        }
        return blocks.isEmpty ? nil : blocks.joined(separator: "\n\n") + "\n"
    }

    var style: Style { Style(colour: colour) }

    /// `label  text`, the text hanging.
    func item(_ label: String, _ text: String) -> String {
        "\(style.dim(Text.pad(label, 11)))\(Text.hanging(Text.clean(text), width, indent: 11))"
    }

    private func check(_ requirement: Requirement) -> String {
        var lines = [
            style.bold(requirement.id), item("rule", requirement.rule), item("why", requirement.why),
            item("source", "\(requirement.level.rawValue), \(requirement.clause); of the \(requirement.role.rawValue)"),
        ]
        for scenario in catalogue.scenarios {
            for decision in scenario.decisions where decision.id == requirement.id {
                let item = scenario.battery?.cases.first { $0.check == requirement.id }
                lines.append(
                    self.item("tried by", "scenarios/\(scenario.id).yaml, line \(decision.line): \(item?.title ?? scenario.title)"))
                if let item {
                    lines.append(
                        self.item(
                            "differs in",
                            item.bends.map(\.field).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(
                                separator: ", ")))
                }
                lines.append(self.item("in", decision.schemes.joined(separator: ", ")))
                lines += verdicts(requirement.id)
                lines.append(self.item("play it", "authbed run \(scenario.id) --scheme \(decision.schemes.first ?? "")"))
                lines += byHand(requirement.id)
                lines += proofs(decision.bites)
            }
        }
        return lines.joined(separator: "\n")
    }

    private func verdicts(_ check: String) -> [String] {
        let found = (results?.cells ?? []).compactMap { cell in cell.checks.first { $0.check == check }.map { (cell.scheme, $0) } }
        return found.map { scheme, result in
            item(
                "",
                "\(style.verdict(result.verdict, "\(result.verdict.mark) \(result.verdict.rawValue)"))  \(scheme): \(ShownText.safe(result.why))"
            )
        }
    }

    /// The first call by which the latest run decided it, as a command of curl's, and what came back.
    private func byHand(_ check: String) -> [String] {
        for cell in results?.cells ?? [] {
            guard let decided = cell.checks.first(where: { $0.check == check }) else { continue }
            for number in decided.evidence {
                guard let call = call(number), !call.twin, let sent = call.sent else { continue }
                let certificate = catalogue.scheme(cell.scheme)?.presents.contains("certificate") ?? false
                guard let command = CurlCommand(sent: ShownText.safe(sent), showsCertificate: certificate).text else { continue }
                let bent = call.bent.map { ", bent: \(ShownText.safe($0))" } ?? ""
                let head = "as in \(cell.scheme)\(bent); SERVER, CREDENTIAL and the files are yours, and below is what came back"
                let lines = command.split(separator: "\n").map(String.init) + WirePair.answer(to: call)
                return [item("by hand", head)] + lines.map { "  " + Text.clean($0) }
            }
        }
        return []
    }

    private func proofs(_ bites: [String]) -> [String] {
        var lines: [String] = []
        for id in bites {
            lines.append(item("proven by", "\(id): \(catalogue.defect(id)?.bends ?? "")"))
        }
        if let first = bites.first { lines += code(first) }
        return lines
    }

    private func defect(_ defect: Defect) -> String {
        var lines = [style.bold(defect.id), item("bends", defect.bends)]
        if !defect.kills.isEmpty { lines.append(item("turns red", defect.kills.joined(separator: ", "))) }
        for scheme in defect.killsByScheme.keys.sorted() {
            lines.append(item("turns red", "\(scheme): \((defect.killsByScheme[scheme] ?? []).joined(separator: ", "))"))
        }
        if defect.isSentinel { lines.append(item("sentinel", "no check at all may pass against it")) }
        if defect.loosens { lines.append(item("loosens", "it lets strangers in, so that acceptance proves nothing any more")) }
        lines.append(item("prove it", "authbed prove --defect \(defect.id)"))
        return (lines + code(defect.id)).joined(separator: "\n")
    }

    /// The right check and the bent one: side by side where they fit.
    private func code(_ defect: String) -> [String] {
        guard let bent = source.bent(defect) else { return [] }
        let right = source.right(for: bent)
        func block(_ title: String, _ excerpts: [SourceExcerpt]) -> [String] {
            excerpts.flatMap { ["\(title), \($0.file):\($0.line)"] + $0.lines.map { "  " + Text.clean($0) } }
        }
        let left = block("right", right), other = block("bent", [bent])
        let column = (left.map(\.count).max() ?? 0) + 4
        guard !left.isEmpty, column + (other.map(\.count).max() ?? 0) <= width else {
            return [""] + left + (left.isEmpty ? [] : [""]) + other
        }
        return [""]
            + (0..<max(left.count, other.count)).map { index in
                let line = Text.pad(index < left.count ? left[index] : "", column) + (index < other.count ? other[index] : "")
                return String(line.reversed().drop { $0 == " " }.reversed())
            }
    }

    private func scenario(_ scenario: Scenario) -> String {
        var lines = [
            style.bold(scenario.id), item("title", scenario.title), item("teaches", scenario.teaches),
            item("in", scenario.schemes.joined(separator: ", ")),
        ]
        for (index, step) in scenario.steps.enumerated() {
            lines.append(
                item(
                    index == 0 ? "steps" : "",
                    [StepWords.text(step.verb), step.say].compactMap { $0 }.joined(separator: ": ")))
        }
        for (index, decision) in scenario.decisions.enumerated() {
            let rule = catalogue.requirement(decision.id)?.rule ?? ""
            lines.append(item(index == 0 ? "decides" : "", "\(decision.id): \(rule)"))
        }
        let measures = scenario.measures.map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        if !measures.isEmpty { lines.append(item("measures", measures.joined(separator: ", "))) }
        lines.append(item("play it", "authbed run \(scenario.id)"))
        return lines.joined(separator: "\n")
    }

    /// Each scenario that measures it.
    private func measures(_ name: String) -> [String] {
        let rows = (catalogue.table?.rows ?? []).filter { row in
            row.cells.contains { (TemplateText.parts($0.words) ?? []).contains(.measure(name)) }
        }
        return catalogue.scenarios.filter { $0.measures.contains { $0.name == name } }.map { scenario in
            var lines = [
                style.bold(name), item("measured", "scenarios/\(scenario.id).yaml: \(scenario.title)"),
                item("in", scenario.schemes.joined(separator: ", ")),
            ]
            if !rows.isEmpty { lines.append(item("shown in", rows.map { "\($0.id) (\($0.title))" }.joined(separator: ", "))) }
            for cell in results?.cells ?? [] where cell.scenario == scenario.id {
                guard let measure = cell.measures.first(where: { $0.name == name }) else { continue }
                lines.append(item("latest", "\(cell.scheme): \(ShownText.safe(measure.words))"))
            }
            lines.append(item("play it", "authbed run \(scenario.id)"))
            return lines.joined(separator: "\n")
        }
    }

    private func scheme(_ scheme: Scheme) -> String {
        var lines = [
            style.bold(scheme.id), item("is", scheme.title), item("shows", scheme.presents.joined(separator: " and ")),
            item("lives", Words.duration(scheme.lifetime)),
            item("revoked", scheme.revocationPromise.map { "out within \(Words.duration($0))" } ?? "good until it expires"),
        ]
        for verb in scheme.notOffered.keys.sorted() { lines.append(item("no \(verb)", scheme.notOffered[verb] ?? "")) }
        lines.append(item("play it", "authbed run --scheme \(scheme.id)"))
        return lines.joined(separator: "\n")
    }

    private func row(_ row: TableDefinition.Row, family: String?) -> String {
        var lines = [style.bold(row.id), item("row", row.title)]
        if let factor = row.factor { lines.append(item("article", factor)) }
        if let about = row.about { lines.append(item("counts", about)) }
        for cell in row.cells { lines.append(item("cell", "\(cell.schemes.map { $0.joined(separator: ", ") + ": " } ?? "")\(cell.words)")) }
        if let elsewhere = row.elsewhere {
            lines.append(item("elsewhere", "\(row.elsewhereFor.map { $0.joined(separator: ", ") + ": " } ?? "")\(elsewhere)"))
        }
        let told = results?.table?.rows.first { $0.id == row.id }
        for claim in row.claims where family == nil || claim.family == family {
            lines.append(item("claim", "\(claim.family): “\(claim.says)”"))
            lines.append(item("holds if", claim.holds.map(words).joined(separator: ", and ") + ", in every scheme of the family"))
            if let result = told?.claims.first(where: { $0.family == claim.family && $0.says == claim.says }) {
                lines.append(item("measured", [style.outcome(result.outcome), result.condition].compactMap { $0 }.joined(separator: ": ")))
            }
        }
        for cell in told?.cells ?? [] {
            lines.append(item(cell.scheme == told?.cells.first?.scheme ? "latest" : "", "\(cell.scheme): \(cell.words)"))
        }
        return lines.joined(separator: "\n")
    }

    private func words(_ condition: TableDefinition.Condition) -> String {
        func bound(_ bound: TableDefinition.Bound, of name: String) -> String {
            switch bound {
            case .value(let value): isTime(name) ? Words.duration(value) : Words.number(value)
            case .lifetime: "a credential’s lifetime"
            }
        }
        switch condition {
        case .check(let id, let because): return "\(id) passes" + (because.map { ", for the reason \($0)" } ?? "")
        case .measure(let name, let atLeast, let atMost):
            let bounds = [atLeast.map { "at least \(bound($0, of: name))" }, atMost.map { "at most \(bound($0, of: name))" }].compactMap {
                $0
            }
            return "\(name) is \(bounds.joined(separator: " and "))"
        }
    }

    private func isTime(_ measure: String) -> Bool {
        catalogue.scenarios.contains { scenario in
            scenario.measures.contains { if case .window = $0.form { $0.name == measure } else { false } }
        }
    }
}
