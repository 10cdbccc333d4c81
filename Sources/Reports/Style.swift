import Judge

/// How words look on a terminal. Colour never carries meaning alone: every colour has its word or mark beside it.
struct Style {
    let colour: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }

    func verdict(_ verdict: Verdict, _ text: String) -> String {
        switch verdict {
        case .pass: wrap(text, "32")
        case .fail: wrap(text, "1;31")
        case .warn: wrap(text, "33")
        case .recorded: wrap(text, "36")
        case .inconclusive: wrap(text, "35")
        case .notApplicable: wrap(text, "2")
        case .error: wrap(text, "7;31")
        }
    }

    func outcome(_ outcome: ComparisonTable.ClaimResult.Outcome) -> String {
        switch outcome {
        case .confirmed: wrap(outcome.rawValue, "32")
        case .refuted: wrap(outcome.rawValue, "31")
        case .depends: wrap(outcome.rawValue, "33")
        case .undecided: wrap(outcome.rawValue, "2")
        }
    }

    private func wrap(_ text: String, _ code: String) -> String { colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

extension Verdict {
    /// A shape beside the colour.
    var mark: String {
        switch self {
        case .pass: "●"
        case .fail: "✕"
        case .warn: "▲"
        case .recorded: "■"
        case .inconclusive: "◐"
        case .notApplicable: "○"
        case .error: "!"
        }
    }
}
