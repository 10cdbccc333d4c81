package import Judge

/// What changed between two runs, for a terminal or as Markdown.
package struct ComparisonReport: Sendable {
    package var width: Int
    package var colour: Bool

    package init(width: Int = 100, colour: Bool = false) {
        self.width = max(width, 40)
        self.colour = colour
    }

    package func text(_ comparison: RunComparison) -> String {
        let style = Style(colour: colour)
        var lines = comparison.circumstances.map { style.dim("\($0.what): \(Text.clean($0.before)) → \(Text.clean($0.after))") }
        for change in comparison.changes {
            let mark = change.worse ? style.verdict(.fail, "✕ worse") : Self.mark(change)
            lines.append("\(mark)  \(style.bold(change.name))  \(change.scenario)@\(change.scheme)")
            lines.append("    before  " + Text.hanging(Text.clean(change.before ?? "not there"), width, indent: 12))
            lines.append("    after   " + Text.hanging(Text.clean(change.after ?? "not there"), width, indent: 12))
        }
        lines += [Self.summary(comparison), style.dim(Text.hanging(Self.noise(comparison.noise), width, indent: 0))]
        return lines.joined(separator: "\n") + "\n"
    }

    package static func markdown(_ comparison: RunComparison) -> String {
        var lines = ["**\(summary(comparison))**", "", noise(comparison.noise), ""]
        for item in comparison.circumstances {
            lines.append("- \(item.what): \(MarkdownTable.escape(item.before)) → \(MarkdownTable.escape(item.after))")
        }
        guard !comparison.changes.isEmpty else { return lines.joined(separator: "\n") + "\n" }
        lines += ["", "| | what | where | before | after |", "|---|---|---|---|---|"]
        for change in comparison.changes {
            let cells = [
                change.worse ? "✕ worse" : mark(change), "`\(change.name)`", "\(change.scenario)@\(change.scheme)", change.before ?? "–",
                change.after ?? "–",
            ]
            lines.append("| " + cells.map(MarkdownTable.escape).joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func mark(_ change: RunComparison.Change) -> String {
        switch change.kind {
        case .verdict: "◐ verdict"
        case .measure: "■ number"
        case .added: "+ new"
        case .removed: "- gone"
        }
    }

    private static func noise(_ noise: WindowNoise) -> String {
        let parts = [("below 1 s", noise.short), ("below 1 min", noise.medium), ("above", noise.long)]
        return "Taken for noise in windows: " + parts.map { "\($0) \(Words.duration($1))" }.joined(separator: ", ") + "."
    }

    private static func summary(_ comparison: RunComparison) -> String {
        let worse = comparison.changes.count(where: \.worse)
        return
            "\(Words.count(comparison.changes.count, "change")), \(worse) for the worse; \(Words.number(Double(comparison.same))) the same"
    }
}
