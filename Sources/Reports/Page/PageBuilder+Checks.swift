import Judge
import Scenarios
import Trace

/// Check by check: the rule and its clause, what came of it in each scheme, the refused call beside its twin, what proves it.
extension PageBuilder {
    /// The checks that are told in full: those that do not hold, those on which a cell of the table rests, and one of each
    /// family as an example.
    func prominent() -> Set<String> {
        var full = Set(
            (shownTable?.rows ?? []).flatMap { row in row.cells.flatMap { sources(row.id, $0.scheme) } }.compactMap(\.check?.check))
        var families: Set<String> = []
        for check in results.cells.flatMap(\.checks) {
            if families.insert(Self.family(check.check)).inserted || Standing(check) != .kept { full.insert(check.check) }
        }
        return full
    }

    private static func family(_ check: String) -> String { String(check.prefix { $0 != "." }) }

    /// Every check's refused call beside its twin.
    func pairs() -> [WireBudget.Entry] {
        results.cells.flatMap { cell in
            cell.checks.compactMap { check in
                evidence[cell.id]?.pair(for: check).map {
                    WireBudget.Entry(check: check.check, scheme: cell.scheme, verdict: check.verdict, pair: $0)
                }
            }
        }
    }

    /// - Parameter full: The checks that are told in full, nil for all; the others have a line each.
    func families(_ wire: WireBudget, full: Set<String>?) -> [PageModel.Family] {
        var order: [String] = []
        for check in results.cells.flatMap(\.checks).map(\.check) where !order.contains(check) { order.append(check) }
        var families: [PageModel.Family] = []
        for check in order {
            let family = Self.family(check)
            let place = families.firstIndex { $0.family == family } ?? families.endIndex
            if place == families.endIndex {
                families.append(PageModel.Family(anchor: HTMLText.anchor("f", family), family: family, checks: [], briefs: []))
            }
            let part = part(check, wire)
            if full?.contains(check) ?? true { families[place].checks.append(part) } else { families[place].briefs.append(brief(part)) }
        }
        return families
    }

    private func brief(_ part: PageModel.CheckPart) -> PageModel.BriefCheck {
        PageModel.BriefCheck(
            anchor: part.anchor, check: part.check, cls: part.cls, rule: part.rule, level: part.level, clauseHTML: part.clauseHTML,
            schemes: part.rulings.flatMap(\.schemes).map(\.scheme).joined(separator: ", "), proofs: part.proofs)
    }

    private func part(_ id: String, _ wire: WireBudget) -> PageModel.CheckPart {
        let decided = results.cells.flatMap { cell in cell.checks.filter { $0.check == id }.map { (cell: cell, check: $0) } }
        let standing = Standing.worst(decided.map { Standing($0.check) }) ?? .untested
        let requirement = catalogue.requirement(id)
        let first = decided[0]
        let bites = decided.flatMap(\.check.bites).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let held = decided.count { $0.check.held == true }
        return PageModel.CheckPart(
            anchor: Self.anchor(check: id), check: id, cls: standing.rawValue,
            level: first.check.level.rawValue, role: requirement?.role.rawValue ?? "",
            summary: "held in \(held) of \(Words.count(decided.count, "scheme"))",
            rule: requirement?.rule ?? "", why: requirement?.why ?? "", clauseHTML: HTMLText.clause(requirement?.clause ?? ""),
            title: title(id, first.cell), command: command(first.cell.scenario, first.cell.scheme),
            rulings: rulings(decided), pairs: (wire.shown[id] ?? []).map(pair),
            wireNote: wireNote(id, wire), proofs: bites.map(proof))
    }

    /// The scenario, and the battery's case.
    private func title(_ check: String, _ cell: CellResult) -> String {
        let item = scenario(of: cell)?.battery?.cases.first { $0.check == check }
        return item.map { "\(cell.title): \($0.title)" } ?? cell.title
    }

    private func rulings(_ decided: [(cell: CellResult, check: CheckResult)]) -> [PageModel.Ruling] {
        var rulings: [PageModel.Ruling] = []
        for (cell, check) in decided {
            let standing = Standing(check), why = ShownText.safe(check.why) + sides(check)
            let events = check.evidence.isEmpty ? "" : " (\(check.evidence.prefix(3).map(String.init).joined(separator: ", ")))"
            let scheme = PageModel.RulingScheme(anchor: Self.anchor(check: check.check, cell.scheme), scheme: cell.scheme, events: events)
            if let place = rulings.firstIndex(where: {
                $0.cls == standing.rawValue && $0.verdict == check.verdict.rawValue && $0.why == why
            }) {
                rulings[place].schemes.append(scheme)
            } else {
                rulings.append(
                    PageModel.Ruling(
                        cls: standing.rawValue, schemes: [scheme], verdict: check.verdict.rawValue, why: why))
            }
        }
        return rulings
    }

    /// Which of the four sides did not hold, where that was looked at.
    private func sides(_ check: CheckResult) -> String {
        let broken = (check.facets ?? []).filter { $0.held == false }.map {
            [$0.side.rawValue, $0.why].compactMap { $0 }.joined(separator: ": ")
        }
        return broken.isEmpty ? "" : " [\(ShownText.safe(broken.joined(separator: "; ")))]"
    }

    private func wireNote(_ id: String, _ wire: WireBudget) -> String? {
        if evidence.isEmpty { return "The trace is not at hand; with events.jsonl beside the results, the calls themselves stand here." }
        if wire.leftOut.contains(id) { return "More calls are in events.jsonl, under the numbers above: this page has room for so many." }
        return wire.shown[id] == nil ? "No text was kept of these calls; the trace has their times and outcomes." : nil
    }

    private func pair(_ group: (schemes: [String], entry: WireBudget.Entry)) -> PageModel.Pair {
        let pair = group.entry.pair
        let accepted = pair.call.event.outcome == .accepted
        return PageModel.Pair(
            schemes: group.schemes.joined(separator: ", "), difference: ShownText.safe(pair.difference),
            accepted: pair.twin.map(who), refused: who(pair.call), verdictCls: accepted ? "b ok" : "b",
            markCls: accepted ? "kept" : "no",
            verdictWord: pair.call.event.outcome.rawValue,
            sent: pair.sent.map { sent($0, alone: pair.twin == nil) },
            goodHTML: pair.twin.map { answer(pair, $0) } ?? "", badHTML: answer(pair, pair.call), hasGood: pair.twin != nil)
    }

    private func sent(_ line: WirePair.Line, alone: Bool) -> String {
        let text = HTMLText.escapeText(line.text)
        switch line.side {
        case .both: return text
        case .accepted: return "<span class=\"a\"><b>twin</b> \(text)</span>"
        case .refused: return alone ? text : "<span class=\"b\"><b>this</b> \(text)</span>"
        }
    }

    private func answer(_ pair: WirePair, _ call: CellEvidence.Call) -> String {
        pair.answer(call).map(HTMLText.escapeText).joined(separator: "\n")
    }

    private func who(_ call: CellEvidence.Call) -> String {
        "\(call.event.credential), \(call.event.tool), \(call.event.channel), event \(call.n)"
    }

    func proof(_ id: String) -> PageModel.Proof {
        let state: (cls: String, words: String) =
            switch input.proven {
            case .some(let proven) where proven.contains(id): ("kept", "proven with these same programs and files")
            case .some: ("measured", "not yet proven with these same programs and files")
            case nil: ("measured", "named by the check")
            }
        return PageModel.Proof(
            anchor: catalogue.defect(id) == nil ? "bed" : HTMLText.anchor("d", id), defect: id, bends: catalogue.defect(id)?.bends ?? "",
            cls: state.cls, state: state.words)
    }
}
