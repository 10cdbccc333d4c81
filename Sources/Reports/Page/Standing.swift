import Judge

/// How a cell of the table stands, with a mark whose shape says the same as its colour, and the same as a verdict's does.
enum Standing: String, CaseIterable {
    case kept, broken, weak, measured, absent, untested

    var mark: String {
        switch self {
        case .kept: "●"
        case .broken: "✕"
        case .weak: "▲"
        case .measured: "■"
        case .absent: "○"
        case .untested: "◐"
        }
    }

    /// For those who do not see the mark, and for the legend.
    var words: String {
        switch self {
        case .kept: "kept what is required or promised"
        case .broken: "did not keep it"
        case .weak: "kept, but the reason was not seen"
        case .measured: "measured; nothing was promised"
        case .absent: "does not arise"
        case .untested: "could not be decided"
        }
    }

    init(_ check: CheckResult) {
        switch check.verdict {
        case .pass: self = check.weak ? .weak : .kept
        case .fail, .warn: self = .broken
        case .recorded: self = .measured
        case .inconclusive, .error: self = .untested
        case .notApplicable: self = .absent
        }
    }

    /// Of several, the one a reader must not miss.
    static func worst(_ all: [Standing]) -> Standing? {
        let order: [Standing] = [.broken, .untested, .weak, .measured, .kept, .absent]
        return order.first { all.contains($0) }
    }
}
