import Judge
import Scenarios
import Trace

/// Scenario by scenario: what was told, what was measured, what was decided, in each scheme.
extension PageBuilder {
    func scenarioParts(pictures: Bool) -> [PageModel.ScenarioPart] {
        var order: [String] = []
        for cell in results.cells where !order.contains(cell.scenario) { order.append(cell.scenario) }
        return order.map { id in
            let places = cards.map(\.scheme)
            let cells = results.cells.filter { $0.scenario == id }.sorted {
                places.firstIndex(of: $0.scheme) ?? 0 < places.firstIndex(of: $1.scheme) ?? 0
            }
            return PageModel.ScenarioPart(
                anchor: HTMLText.anchor("s", id), scenario: id, title: cells[0].title,
                teaches: scenario(of: cells[0])?.teaches.trimmingSuffix ?? "", command: command(id, "SCHEME"),
                columns: cells.map(\.scheme), steps: steps(cells), hasSteps: !steps(cells).isEmpty,
                played: cells.map { played($0, pictures) })
        }
    }

    private func played(_ cell: CellResult, _ pictures: Bool) -> PageModel.Played {
        let standing = cell.fault == nil ? Standing.worst(cell.checks.map(Standing.init)) ?? .measured : .untested
        return PageModel.Played(
            anchor: Self.anchor(cell), scheme: cell.scheme, cls: standing.rawValue, summary: summary(cell),
            fault: cell.fault.map { ShownText.safe($0.message) },
            faultLines: (cell.fault?.lastLines.suffix(8) ?? []).map { ShownText.short(ShownText.safe($0)) },
            absent: cell.notOffered.map(\.why).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            measures: cell.measures.map { measure($0, cell, pictures) }, checks: lines(cell))
    }

    private func summary(_ cell: CellResult) -> String {
        let measures = cell.measures.filter(\.hasValue)
        guard !measures.isEmpty else {
            let held = cell.checks.count { $0.held == true }
            return "\(held) of \(Words.count(cell.checks.count, "check")) held, \(Words.count(cell.calls, "call"))"
        }
        return measures.prefix(3).map { "\($0.name) \($0.words)" }.joined(separator: ", ")
    }

    private func lines(_ cell: CellResult) -> [PageModel.CheckLine] {
        let kept = cell.checks.filter { Standing($0) == .kept }
        let others = cell.checks.filter { Standing($0) != .kept }.map { check in
            let standing = Standing(check)
            return PageModel.CheckLine(
                cls: standing.rawValue, links: [link(check)],
                why: "\(check.verdict.rawValue): \(ShownText.safe(check.why))")
        }
        guard !kept.isEmpty else { return others }
        let standing = Standing.kept
        // A battery decides dozens: then the family is enough, where all of them stand.
        guard kept.count > 6 else {
            return others + [PageModel.CheckLine(cls: standing.rawValue, links: kept.map(link), why: "")]
        }
        let families = kept.map { String($0.check.prefix { $0 != "." }) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let links = families.map { PageModel.CheckLink(check: $0, href: HTMLText.anchor("f", $0)) }
        return others
            + [
                PageModel.CheckLine(
                    cls: standing.rawValue, links: links, why: "\(Words.count(kept.count, "check")) kept")
            ]
    }

    private func link(_ check: CheckResult) -> PageModel.CheckLink {
        PageModel.CheckLink(check: check.check, href: Self.anchor(check: check.check))
    }

    /// The narration, with each scheme's instants on its subjects' clock. A battery's cases are told by its checks.
    private func steps(_ cells: [CellResult]) -> [PageModel.Step] {
        let played = cells.map { evidence[$0.id] }
        guard let story = played.compactMap({ $0?.scenario }).first, story.battery == nil else { return [] }
        return story.steps.enumerated().map { index, step in
            var verb = step.verb.word
            if let label = step.verb.label { verb += " \(label)" }
            let instants = played.map { evidence -> String in
                guard let evidence, let event = evidence.steps.first(where: { $0.index == index }) else { return "–" }
                return Words.duration(max(Double(event.end) / 1e9 + event.clock - evidence.start, 0.001))
            }
            return PageModel.Step(verb: verb, text: step.say ?? "", instants: instants)
        }
    }

    private func measure(_ measure: MeasureResult, _ cell: CellResult, _ pictures: Bool) -> PageModel.Measured {
        PageModel.Measured(
            anchor: Self.anchor(measure: measure.name, cell.scheme), name: measure.name, words: ShownText.safe(measure.words),
            pictureHTML: pictures ? picture(measure, cell) : nil)
    }

    private func picture(_ measure: MeasureResult, _ cell: CellResult) -> String? {
        guard case .window(let bracket) = measure.value, let evidence = evidence[cell.id],
            case .window(let calls, let from)? = definition(measure.name, evidence.scenario, cell.scheme)?.form
        else { return nil }
        return WindowPicture(cell: evidence, set: calls, from: from, bracket: bracket).svg
    }
}

extension String {
    /// Folded YAML ends with a line break.
    var trimmingSuffix: String { String(reversed().drop { $0.isWhitespace }.reversed()) }
}
