package import Judge
import Scenarios
import Trace

/// One cell told on a terminal in the order in which it happened, for a reader who has time.
package struct Narration: Sendable {
    /// What is shown at once, and how many seconds reading it takes.
    package struct Passage: Sendable, Hashable {
        package var text: String
        package var pause: Double
    }

    private let cell: CellEvidence
    private let result: CellResult
    private let rules: [String: String]
    private let rows: [String: String]
    private let width: Int
    private let style: Style

    /// - Parameters:
    ///   - rules: What each check says, by its id.
    ///   - rows: In which row of the table a measure stands, by its name.
    package init(
        cell: CellEvidence, result: CellResult, rules: [String: String], rows: [String: String] = [:], width: Int, colour: Bool
    ) {
        self.cell = cell
        self.result = result
        self.rules = rules
        self.rows = rows
        self.width = min(max(width, 40), 100)
        style = Style(colour: colour)
    }

    package var passages: [Passage] {
        var passages = [passage(opening)]
        for step in cell.steps { passages.append(passage(told(step))) }
        if let fault = result.fault { passages.append(passage(style.verdict(.error, "! " + clean(fault.message)))) }
        passages += result.checks.map { passage(told($0)) }
        let measures = result.measures.filter { $0.hasValue || !$0.words.isEmpty }
        if !measures.isEmpty { passages.append(passage(measures.map(told).joined(separator: "\n"))) }
        return passages
    }

    /// Some four words a second, and a moment to look up.
    private func passage(_ text: String) -> Passage {
        Passage(text: text, pause: 0.6 + Double(text.split(whereSeparator: \.isWhitespace).count) / 4)
    }

    private var opening: String {
        var lines = Text.wrap(clean(cell.scenario.title), width).map(style.bold)
        lines.append(style.dim("\(cell.scheme.id): \(clean(cell.scheme.title))"))
        let teaches = clean(cell.scenario.teaches)
        if !teaches.trimmingSuffix.isEmpty { lines += [""] + Text.wrap(teaches, width) }
        return lines.joined(separator: "\n")
    }

    /// The instant, the verb, what it is for, and what came of it.
    private func told(_ event: StepEvent) -> String {
        let since = max(Double(event.end) / 1e9 + event.clock - cell.start, 0)
        var lines = ["\n" + style.dim(Text.pad(Words.duration(max(since, 0.001)), 12)) + style.bold(clean(head(event)))]
        if let say = event.say { lines += Text.wrap(clean(say), width - 12).map(indented) }
        var came = cell.absence(of: event).map { ["not done: \(clean($0))"] } ?? outcomes(event)
        if came.isEmpty, isWithoutGround(event) { came = ["not done, for the same reason"] }
        lines += came.flatMap { Text.wrap($0, width - 12) }.map(indented)
        return lines.joined(separator: "\n")
    }

    /// Whether it is about something that a step before it would have made, which was not done.
    private func isWithoutGround(_ event: StepEvent) -> Bool {
        let verbs = cell.scenario.steps.map(\.verb)
        guard cell.scenario.battery == nil, verbs.indices.contains(event.index) else { return false }
        let undone = cell.steps.filter { $0.index < event.index && verbs.indices.contains($0.index) && cell.absence(of: $0) != nil }
        let missing = Set(undone.compactMap { verbs[$0.index].makes })
        return verbs[event.index].uses.contains(where: missing.contains)
    }

    private func head(_ event: StepEvent) -> String {
        if cell.scenario.battery != nil { return "case" + (event.label.map { " \($0)" } ?? "") }
        guard cell.scenario.steps.indices.contains(event.index) else { return event.verb }
        return StepWords.text(cell.scenario.steps[event.index].verb)
    }

    private func outcomes(_ event: StepEvent) -> [String] {
        var sets: [String] = []
        if let battery = cell.scenario.battery {
            sets = battery.cases.indices.contains(event.index) ? [battery.cases[event.index].check] : []
        } else if cell.scenario.steps.indices.contains(event.index) {
            switch cell.scenario.steps[event.index].verb {
            case .stop(let load, _): sets = [load]
            case .load: sets = []
            case let verb: sets = verb.makesCalls ? [verb.label].compactMap { $0 } : []
            }
        }
        return sets.flatMap { set in
            outcomes(of: cell.calls(of: set), twin: false) + outcomes(of: cell.calls(of: set + ".twin"), twin: true)
        }
    }

    /// A line for each caller: runs of calls with the same outcome, in order.
    private func outcomes(of calls: [CellEvidence.Call], twin: Bool) -> [String] {
        // On the subjects' clock, which may have been moved back in between.
        let calls = calls.sorted { $0.begin < $1.begin }
        var callers: [String] = []
        for call in calls where !callers.contains(call.event.credential) { callers.append(call.event.credential) }
        return callers.map { caller in
            var runs: [(words: String, count: Int)] = []
            for call in calls where call.event.credential == caller {
                let words = outcome(call.event)
                if runs.last?.words == words { runs[runs.count - 1].count += 1 } else { runs.append((words, 1)) }
            }
            let shown = runs.prefix(4).map { "\(Words.number(Double($0.count))) \($0.words)" } + (runs.count > 4 ? ["…"] : [])
            return "\(clean(caller))\(twin ? ", the twin" : ""): \(shown.joined(separator: ", then "))"
        }
    }

    private func outcome(_ call: CallEvent) -> String {
        var details = [call.outcome == .accepted ? nil : call.face, call.outcome == .refused ? call.reason : nil].compactMap { $0 }
        if let bent = call.bent, !call.twin { details.insert("bent: \(bent)", at: 0) }
        return call.outcome.rawValue + (details.isEmpty ? "" : " (\(clean(details.joined(separator: ", "))))")
    }

    private func told(_ check: CheckResult) -> String {
        let head = "\n" + style.verdict(check.verdict, "\(check.verdict.mark) \(check.verdict.rawValue)") + "  " + style.bold(check.check)
        let body = [rules[check.check], check.why].compactMap { $0 }.flatMap { Text.wrap(clean($0), width - 4) }
        return ([head] + body.map { "    " + $0 }).joined(separator: "\n")
    }

    private func told(_ measure: MeasureResult) -> String {
        "\n" + style.bold(measure.name) + (rows[measure.name].map { style.dim("  \($0)") } ?? "") + "\n"
            + Text.wrap(clean(measure.words), width - 4).map { "    " + $0 }.joined(separator: "\n")
    }

    private func indented(_ line: String) -> String { String(repeating: " ", count: 12) + line }

    private func clean(_ text: String) -> String { Text.clean(ShownText.safe(text)) }
}
