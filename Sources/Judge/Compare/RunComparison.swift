import Trace

/// What changed between two runs. Verdicts are compared as they are; times only where their brackets are further apart than
/// ``WindowNoise`` explains.
package struct RunComparison: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable {
        /// In both, with another outcome.
        case verdict
        case measure
        /// Only in one of the two.
        case added, removed
    }

    package struct Change: Sendable, Codable, Hashable {
        package var kind: Kind
        /// A check or a measure.
        package var name: String
        package var scenario: String
        package var scheme: String
        /// Nil where it was not there.
        package var before: String?
        package var after: String?
        /// Whether a verdict became one that a script should stop at.
        package var worse: Bool
    }

    package struct Difference: Sendable, Codable, Hashable {
        package var what: String
        package var before: String
        package var after: String
    }

    /// Circumstances that differ: a comparison across them says less.
    package var circumstances: [Difference]
    package var changes: [Change]
    /// How many verdicts and numbers are in both and did not change.
    package var same: Int

    /// What was taken for noise in windows.
    package var noise: WindowNoise

    package var isWorse: Bool { changes.contains(where: \.worse) }

    package init(old: Results, new: Results) {
        circumstances = Self.circumstances(old, new)
        changes = []
        same = 0
        let before = Dictionary(old.cells.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.cells.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        noise = WindowNoise(before.flatMap { id, cell in after[id].map { Self.windows(cell, $0) } ?? [] })
        for id in Set(before.keys).union(after.keys).sorted() { compare(before[id], after[id]) }
        // What got worse first: that is what one looks for.
        changes = changes.filter(\.worse) + changes.filter { !$0.worse }
    }

    private static func circumstances(_ old: Results, _ new: Results) -> [Difference] {
        let a = old.run, b = new.run
        var pairs = [("authbed", a.authbed, b.authbed), ("era", a.era, b.era), ("machine", a.machine, b.machine)]
        pairs += Set(a.subjects.keys).union(b.subjects.keys).sorted().map { ($0, a.subjects[$0] ?? "none", b.subjects[$0] ?? "none") }
        pairs.append(("whole", old.incomplete ?? "yes", new.incomplete ?? "yes"))
        return pairs.filter { $0.1 != $0.2 }.map { Difference(what: $0.0, before: $0.1, after: $0.2) }
    }

    private mutating func compare(_ old: CellResult?, _ new: CellResult?) {
        guard let cell = new ?? old else { return }
        func change(_ kind: Kind, _ name: String, _ before: String?, _ after: String?, worse: Bool = false) -> Change {
            Change(kind: kind, name: name, scenario: cell.scenario, scheme: cell.scheme, before: before, after: after, worse: worse)
        }
        for check in Self.names(old?.checks.map(\.check), new?.checks.map(\.check)) {
            let a = old?.checks.first { $0.check == check }, b = new?.checks.first { $0.check == check }
            switch (a, b) {
            case (let a?, let b?):
                if a.verdict == b.verdict, a.held == b.held {
                    same += 1
                } else {
                    changes.append(change(.verdict, check, Self.words(a), Self.words(b), worse: b.verdict.stops && !a.verdict.stops))
                }
            case (nil, let b?): changes.append(change(.added, check, nil, Self.words(b), worse: b.verdict.stops))
            // A check that is gone is no improvement: nobody looks any more.
            case (let a?, nil): changes.append(change(.removed, check, Self.words(a), nil, worse: new == nil ? false : true))
            case (nil, nil): break
            }
        }
        guard let old, let new else { return }
        for name in Self.names(old.measures.map(\.name), new.measures.map(\.name)) {
            let a = old.measures.first { $0.name == name }, b = new.measures.first { $0.name == name }
            if let a, let b, a.value.isAlike(b.value, noise) {
                same += 1
            } else {
                changes.append(change(.measure, name, a?.words, b?.words))
            }
        }
    }

    private static func names(_ old: [String]?, _ new: [String]?) -> [String] {
        var names = new ?? []
        for name in old ?? [] where !names.contains(name) { names.append(name) }
        return names
    }

    private static func words(_ check: CheckResult) -> String { "\(check.verdict.rawValue): \(check.why)" }

    private static func windows(_ old: CellResult, _ new: CellResult) -> [(Bracket, Bracket)] {
        old.measures.compactMap { measure in
            guard case .window(let a) = measure.value, case .window(let b)? = new.measures.first(where: { $0.name == measure.name })?.value
            else { return nil }
            return (a, b)
        }
    }
}

extension Verdict {
    /// Whether a script should stop at it.
    var stops: Bool { [.fail, .inconclusive, .error].contains(self) }
}
