import Judge
import Scenarios

/// What each scheme showed in a sentence, and the pictures over all of them.
extension PageBuilder {
    var cards: [PageModel.SchemeCard] {
        var order = shownTable?.columns.map(\.scheme) ?? []
        for cell in results.cells where !order.contains(cell.scheme) { order.append(cell.scheme) }
        return order.map { id in
            let checks = results.cells.filter { $0.scheme == id }.flatMap(\.checks)
            // What is recorded only says nothing for or against a scheme.
            let standing = Standing.worst(checks.map(Standing.init).filter { $0 != .measured }) ?? .untested
            return PageModel.SchemeCard(
                scheme: id, title: scheme(id)?.title ?? "", cls: standing.rawValue, sentence: sentence(id))
        }
    }

    private func sentence(_ scheme: String) -> String {
        var clauses: [String] = []
        if let wrong = wrongCredentials(scheme) { clauses.append(wrong) }
        if case .window(let bracket)? = measured("revocation-fresh", scheme)?.measure.value { clauses.append(revoked(bracket, scheme)) }
        if case .count(let count, let all)? = measured("replayed-header", scheme)?.measure.value {
            let insider = measured("replayed-insider", scheme)?.measure.value
            var clause = count == 0 ? "a leaked header opens nothing" : "a leaked header opens the door \(count) times of \(all)"
            if count == 0, case .count(let more, let of)? = insider, more > 0 {
                clause += ", except to an insider with a certificate (\(more) of \(of))"
            }
            clauses.append(clause)
        }
        if case .count(let refused, let all)? = measured("refused-during-rotation", scheme)?.measure.value {
            clauses.append(refused == 0 ? "rotation turns nobody away" : "rotation turns \(refused) of \(all) calls away")
        }
        guard !clauses.isEmpty else { return "Nothing of it was measured in this run." }
        let text = clauses.joined(separator: "; ")
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    /// Of the batteries, the cases that must be refused: each bends one thing in a good call.
    private func wrongCredentials(_ scheme: String) -> String? {
        let checks = results.cells.filter { $0.scheme == scheme }.flatMap { cell in
            let cases = (scenario(of: cell)?.battery?.cases ?? []).filter { $0.expects == .refused }.map(\.check)
            return cell.checks.filter { $0.verdict.isJudged && cases.contains($0.check) }
        }
        guard !checks.isEmpty else { return nil }
        let held = checks.count { $0.held == true }
        return held == checks.count
            ? "all \(checks.count) wrong ways in are refused" : "\(held) of \(checks.count) wrong ways in are refused"
    }

    private func revoked(_ bracket: Bracket, _ scheme: String) -> String {
        guard let upper = bracket.upper else { return "a revoked credential stays \(Words.bracket(bracket))" }
        guard upper < 2 else { return "a revoked credential goes on working for another \(rough(upper))" }
        let text = "a revoked credential is out within \(Words.duration(upper, rounding: .up))"
        if case .window(let kept)? = measured("revocation-kept", scheme)?.measure.value, (kept.upper ?? .infinity) >= 2 {
            return text + ", but on an open connection it goes on working for \(kept.upper.map(rough) ?? "as long as we looked")"
        }
        return text + ", on open connections too"
    }

    /// In the largest unit that fits: nobody reads seconds behind a year.
    private func rough(_ seconds: Double) -> String {
        for (size, unit) in [(86_400.0, "d"), (3600, "h"), (60, "min")] where seconds >= size * 0.98 {
            return "\(Words.number((seconds / size).rounded())) \(unit)"
        }
        return Words.duration(seconds)
    }

    var plots: [PageModel.Plot] { [windowPlot, throughputPlot, latencyPlot, refusalPlot].compactMap { $0 } }

    /// The rows that are a window and nothing else in most schemes, a lane for each.
    private var windowPlot: PageModel.Plot? {
        let rows = (catalogue.table?.rows ?? []).compactMap { row -> (title: String, measure: String)? in
            let usual = row.cells.first { $0.schemes == nil }.flatMap { TemplateText.parts($0.words) }
            guard usual?.count == 1, case .measure(let name)? = usual?.first else { return nil }
            return (row.title, name)
        }.filter { row in
            results.cells.contains { cell in
                cell.measures.contains { if case .window = $0.value { $0.name == row.measure } else { false } }
            }
        }.prefix(Plots.shapes.count)
        let lanes = cards.map { card in
            Plots.Lane(
                name: card.scheme,
                brackets: rows.enumerated().compactMap { index, row in
                    guard case .window(let bracket)? = measured(row.measure, card.scheme)?.measure.value else { return nil }
                    return (index, bracket)
                })
        }
        let told = lanes.map { lane in
            "\(lane.name) " + (lane.brackets.map { Words.bracket($0.bracket) }.joined(separator: ", "))
        }
        guard let svg = Plots.windows(lanes, title: "How long doors stay open: \(told.joined(separator: "; "))") else { return nil }
        return PageModel.Plot(
            name: "How long a door stays open",
            captionHTML:
                "From a millisecond to a year. A line is the bracket in which it closed; the mark stands at its certain end.",
            svgHTML: svg,
            keys: rows.enumerated().map { PageModel.Key(cls: "m\($0.offset)", mark: Plots.shapes[$0.offset], words: $0.element.title) })
    }

    private var throughputPlot: PageModel.Plot? {
        let bars = input.throughput.map { row in
            Plots.Bar(
                name: row.scheme, value: row.ratio, lowest: row.lowest, highest: row.highest,
                words: "\(Words.number(row.perSecond.rounded()))/s")
        }
        return Plots.bars(bars, title: "Calls a second").map { svg in
            PageModel.Plot(
                name: "Calls a second",
                captionHTML:
                    "Against the same server with authentication off, which stands in twice so that the noise can be seen. The line spans the lowest and the highest round.",
                svgHTML: svg, keys: [])
        }
    }

    private var latencyPlot: PageModel.Plot? {
        let lanes = input.throughput.compactMap { row in row.latency.map { (name: row.scheme, latency: $0) } }
        return Plots.latencies(lanes).map { svg in
            PageModel.Plot(
                name: "From request to answer",
                captionHTML:
                    "Over connections that are kept, of the same calls. The dot is the time within which half of them were answered, its bar spans the rounds, and the line ends where nine in ten were.",
                svgHTML: svg, keys: [])
        }
    }

    /// What it costs to say no: calls accepted in the time of one that is refused.
    private var refusalPlot: PageModel.Plot? {
        let bars = input.throughput.compactMap { row -> Plots.Bar? in
            guard let refused = row.refusedPerSecond, refused > 0 else { return nil }
            let ratio = row.perSecond / refused
            return Plots.Bar(name: row.scheme, value: ratio, lowest: ratio, highest: ratio, words: "\(Words.number(ratio))")
        }
        return Plots.bars(bars, title: "What a refused call costs, in accepted ones").map { svg in
            PageModel.Plot(
                name: "What it costs to say no",
                captionHTML:
                    "How many right calls are answered in the time of one with a wrong secret or a wrong signature. Where the server closes the connection behind a refusal, the handshake of the next is in it. Callers who show nothing but a certificate are refused by the handshake, which is not in this picture.",
                svgHTML: svg, keys: [])
        }
    }
}
