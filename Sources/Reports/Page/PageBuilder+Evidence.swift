import Judge
import Scenarios
import Trace

/// Scenario by scenario: what was told, what was measured, what was decided, in each scheme.
extension PageBuilder {
    func scenarioParts(pictures: Bool) -> [PageModel.ScenarioPart] {
        let places = cards.map(\.scheme), linked = linked
        var order: [String] = []
        for cell in results.cells where !order.contains(cell.scenario) { order.append(cell.scenario) }
        return order.map { id in
            let cells = results.cells.filter { $0.scenario == id }.sorted {
                places.firstIndex(of: $0.scheme) ?? 0 < places.firstIndex(of: $1.scheme) ?? 0
            }
            let told = oneOfEachFamily(cells), steps = steps(told), kept = kept(cells)
            return PageModel.ScenarioPart(
                scenario: id, title: cells[0].title, teaches: scenario(of: cells[0])?.teaches.trimmingSuffix ?? "",
                command: command(id, "SCHEME"), columns: told.map(\.scheme), steps: steps, hasSteps: !steps.isEmpty,
                isPart: told.count < cells.count,
                played: played(cells, pictures, linked), kept: kept.links, keptWords: kept.words)
        }
    }

    /// Scheme by scheme; those of which there is the same to tell, and nothing to lead to, are told together.
    private func played(_ cells: [CellResult], _ pictures: Bool, _ linked: Set<String>) -> [PageModel.Played] {
        var played: [PageModel.Played] = []
        for cell in cells {
            let part = part(cell, pictures, linked)
            if part.measures.isEmpty, !part.hasMore,
                let place = played.firstIndex(where: {
                    $0.measures.isEmpty && !$0.hasMore && $0.cls == part.cls && $0.words == part.words
                })
            {
                played[place].schemes += ", \(part.schemes)"
            } else {
                played.append(part)
            }
        }
        return played
    }

    private func part(_ cell: CellResult, _ pictures: Bool, _ linked: Set<String>) -> PageModel.Played {
        let standing = cell.fault == nil ? Standing.worst(cell.checks.map(Standing.init)) ?? .measured : .untested
        // What does not arise is told by the table, or as a reason below.
        let measures = cell.measures.filter { if case .notOffered = $0.value { false } else { true } }
        let shown = pictures ? measures.compactMap { measure in picture(measure, cell).map { (name: measure.name, svg: $0) } } : []
        let others = cell.checks.filter { Standing($0) != .kept }
        let told = Set(others.filter { $0.verdict == .notApplicable }.map(\.why))
        let absent = cell.notOffered.map(\.why).reduce(into: [String]()) { if !$0.contains($1), !told.contains($1) { $0.append($1) } }
        return PageModel.Played(
            schemes: cell.scheme, cls: standing.rawValue,
            measures: measures.map { measure in
                let place = shown.contains { $0.name == measure.name } ? nil : place(of: measure, in: cell)
                return PageModel.Measured(
                    place: place.flatMap { linked.contains($0) ? $0 : nil }, name: measure.name, words: ShownText.safe(measure.words))
            },
            words: measures.isEmpty
                ? "\(cell.checks.count { $0.held == true }) of \(Words.count(cell.checks.count, "check")) held, \(Words.count(cell.calls, "call"))"
                : "",
            hasMore: cell.fault != nil || !absent.isEmpty || !shown.isEmpty || !others.isEmpty,
            fault: cell.fault.map { ShownText.safe($0.message) },
            faultLines: (cell.fault?.lastLines.suffix(8) ?? []).map { ShownText.short(ShownText.safe($0)) }, absent: absent,
            picturesHTML: shown.map { shown.count > 1 ? "<p class=sub>\(HTMLText.escape($0.name))</p>\($0.svg)" : $0.svg },
            checks: others.map { check in
                PageModel.CheckLine(
                    cls: Standing(check).rawValue, check: check.check, href: Self.anchor(check: check.check),
                    why: "\(check.verdict.rawValue): \(ShownText.safe(check.why))")
            })
    }

    /// The checks that are kept, whatever the scheme. A battery decides dozens: then the family is enough, where all of them stand.
    private func kept(_ cells: [CellResult]) -> (links: [PageModel.CheckLink], words: String?) {
        let kept = cells.flatMap(\.checks).filter { Standing($0) == .kept }.map(\.check)
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        guard !kept.isEmpty else { return ([], nil) }
        let other = cells.flatMap(\.checks).allSatisfy { Standing($0) == .kept } ? "" : ", where nothing else is said above"
        guard kept.count > 6 else {
            return (kept.map { PageModel.CheckLink(check: $0, href: Self.anchor(check: $0)) }, "What held\(other):")
        }
        let families = kept.map(Self.family).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return (
            families.map { PageModel.CheckLink(check: $0, href: HTMLText.anchor("f", $0)) },
            "\(Words.count(kept.count, "check")) held\(other); they are told under:"
        )
    }

    /// The instants of a story differ between kinds of scheme, and hardly within one.
    private func oneOfEachFamily(_ cells: [CellResult]) -> [CellResult] {
        var seen: Set<String> = []
        return cells.filter { cell in
            let family = catalogue.table?.families.first { $0.schemes.contains(cell.scheme) }?.id
            return seen.insert(family ?? cell.scheme).inserted
        }
    }

    /// The narration, with each scheme's instants on its subjects' clock. A battery's cases are told by its checks.
    private func steps(_ cells: [CellResult]) -> [PageModel.Step] {
        let played = cells.map { evidence[$0.id] }
        guard let story = played.compactMap({ $0?.scenario }).first, story.battery == nil else { return [] }
        return story.steps.enumerated().map { index, step in
            let instants = played.map { evidence -> String in
                guard let evidence, let event = evidence.steps.first(where: { $0.index == index }), evidence.absence(of: event) == nil
                else { return "–" }
                return Words.duration(max(Double(event.end) / 1e9 + event.clock - evidence.start, 0.001))
            }
            return PageModel.Step(
                does: StepWords.text(step.verb), named: step.verb.label, say: step.say ?? "", instants: instants)
        }
    }

    private func picture(_ measure: MeasureResult, _ cell: CellResult) -> String? {
        guard case .window(let bracket) = measure.value, let evidence = evidence[cell.id],
            case .window(let calls, let from)? = definition(measure.name, evidence.scenario, cell.scheme)?.form
        else { return nil }
        return WindowPicture(cell: evidence, set: calls, from: from, bracket: bracket).svg(id: place(of: measure, in: cell))
    }

    /// Nil for another measure of the same name: one place can be led to.
    private func place(of measure: MeasureResult, in cell: CellResult) -> String? {
        measured(measure.name, cell.scheme)?.cell.id == cell.id ? anchor(measure: measure.name, cell.scheme) : nil
    }
}

extension String {
    /// Folded YAML ends with a line break.
    var trimmingSuffix: String { String(reversed().drop { $0.isWhitespace }.reversed()) }
}
