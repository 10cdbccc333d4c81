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

    /// Every such check's refused call beside its twin.
    func pairs(_ checks: Set<String>) -> [WireBudget.Entry] {
        results.cells.flatMap { cell in
            cell.checks.filter { checks.contains($0.check) }.compactMap { check in
                evidence[cell.id]?.pair(for: check).map {
                    WireBudget.Entry(check: check.check, scheme: cell.scheme, verdict: check.verdict, pair: $0)
                }
            }
        }
    }

    /// - Parameter full: The checks that are told in full; the others have a line each.
    func families(_ wire: WireBudget, full: Set<String>) -> [PageModel.Family] {
        let decided = Dictionary(grouping: results.cells.flatMap { cell in cell.checks.map { Decided(cell: cell, check: $0) } }) {
            $0.check.check
        }
        var proofs = Proofs(catalogue: catalogue, proven: input.proven, naming: decided.mapValues { $0.flatMap(\.check.bites) })
        let linked = linked
        var order: [String] = [], families: [(name: String, checks: [String])] = []
        for check in results.cells.flatMap(\.checks).map(\.check) where !order.contains(check) {
            order.append(check)
            if let place = families.firstIndex(where: { $0.name == Self.family(check) }) {
                families[place].checks.append(check)
            } else {
                families.append((Self.family(check), [check]))
            }
        }
        return families.map { family in
            // In the order of the page: what is bent is told where it is named first.
            let checks = family.checks.filter(full.contains).map { part($0, decided[$0] ?? [], wire, linked, &proofs) }
            let briefs = family.checks.filter { !full.contains($0) }.map { brief($0, decided[$0] ?? [], proofs) }
            return PageModel.Family(anchor: HTMLText.anchor("f", family.name), family: family.name, checks: checks, briefs: briefs)
        }
    }

    /// A check in a cell.
    private struct Decided {
        var cell: CellResult
        var check: CheckResult
    }

    private func brief(_ id: String, _ decided: [Decided], _ proofs: Proofs) -> PageModel.BriefCheck {
        let requirement = catalogue.requirement(id)
        let schemes = decided.map(\.cell.scheme)
        // Its scenario tells which they are.
        let played = schemes.count > 3 ? "in \(schemes.count) schemes" : schemes.joined(separator: ", ")
        let source = [decided[0].check.level.rawValue, requirement?.clause ?? "", played]
        return PageModel.BriefCheck(
            anchor: Self.anchor(check: id), check: id, rule: requirement?.rule ?? "",
            source: source.filter { !$0.isEmpty }.joined(separator: "; "), proofsHTML: proofs.names(of: id))
    }

    private func part(
        _ id: String, _ decided: [Decided], _ wire: WireBudget, _ linked: Set<String>, _ proofs: inout Proofs
    ) -> PageModel.CheckPart {
        let standing = Standing.worst(decided.map { Standing($0.check) }) ?? .untested
        let requirement = catalogue.requirement(id)
        let first = decided[0]
        let held = decided.count { $0.check.held == true }
        return PageModel.CheckPart(
            anchor: Self.anchor(check: id), check: id, cls: standing.rawValue,
            level: first.check.level.rawValue, role: requirement?.role.rawValue ?? "",
            summary: "held in \(held) of \(Words.count(decided.count, "scheme"))",
            rule: requirement?.rule ?? "", why: requirement?.why ?? "", clauseHTML: HTMLText.clause(requirement?.clause ?? ""),
            title: title(id, first.cell), command: command(first.cell.scenario, first.cell.scheme),
            rulings: rulings(decided, linked), pairs: (wire.shown[id] ?? []).map(pair),
            wireNote: wireNote(id, wire), proofsHTML: proofs.html(of: id))
    }

    /// The scenario, and the battery's case.
    private func title(_ check: String, _ cell: CellResult) -> String {
        let item = scenario(of: cell)?.battery?.cases.first { $0.check == check }
        return item.map { "\(cell.title): \($0.title)" } ?? cell.title
    }

    private func rulings(_ decided: [Decided], _ linked: Set<String>) -> [PageModel.Ruling] {
        var rulings: [PageModel.Ruling] = []
        for decided in decided {
            let (cell, check) = (decided.cell, decided.check)
            let standing = Standing(check), why = ShownText.safe(check.why) + sides(check)
            let events = check.evidence.first.map { " (\($0))" } ?? ""
            let place = Self.anchor(check: check.check, cell.scheme)
            let isFirst = self.decided(check.check, cell.scheme)?.cell.id == cell.id
            let scheme = PageModel.RulingScheme(
                place: isFirst && linked.contains(place) ? place : nil, scheme: cell.scheme, events: events)
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
        if let count = wire.leftOut[id] {
            let which = count == 1 ? "1 more call that looks otherwise is" : "\(count) more calls that look otherwise are"
            return "\(which) in events.jsonl, under the numbers above: this page is full."
        }
        return wire.shown[id] == nil ? "No text was kept of these calls; the trace has their times and outcomes." : nil
    }

    private func pair(_ group: (schemes: [String], entry: WireBudget.Entry)) -> PageModel.Pair {
        let pair = group.entry.pair
        let accepted = pair.call.event.outcome == .accepted
        return PageModel.Pair(
            schemes: group.schemes.joined(separator: ", "), difference: pair.difference.map(ShownText.safe),
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
}
